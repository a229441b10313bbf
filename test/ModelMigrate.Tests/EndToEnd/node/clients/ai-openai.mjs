import { createOpenAI } from "@ai-sdk/openai";
import { embedMany, experimental_transcribe as transcribe } from "ai";
import { check, prompt, text, vector, wav, weather } from "../checks.mjs";
import ai from "./ai.mjs";

export default function openai(gateway, route) {
  const provider = createOpenAI({ baseURL: `${gateway}v1`, apiKey: "none" });
  const { plain, stream, tools } = ai(provider.responses, route);
  return {
    ...ai(provider.chat, route),
    responses: plain,
    responsesStream: stream,
    responsesTools: tools,
    embeddings: async () => {
      const { embeddings } = await embedMany({ model: provider.embedding(route), values: [prompt, weather], maxRetries: 0 });
      check(embeddings.length === 2, `${embeddings.length} vectors`);
      embeddings.forEach(vector);
    },
    transcription: async () => text((await transcribe({ model: provider.transcription(route), audio: wav(), maxRetries: 0 })).text),
  };
}
