import { ChatAnthropic } from "@langchain/anthropic";
import langchain from "./langchain.mjs";

export default (gateway, route) => langchain((model) => new ChatAnthropic({ model, apiKey: "none", maxRetries: 0, maxTokens: 200, anthropicApiUrl: gateway }), route);
