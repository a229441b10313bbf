import { createAnthropic } from "@ai-sdk/anthropic";
import ai from "./ai.mjs";

export default (gateway, route) => ai(createAnthropic({ baseURL: `${gateway}v1`, apiKey: "none" }), route);
