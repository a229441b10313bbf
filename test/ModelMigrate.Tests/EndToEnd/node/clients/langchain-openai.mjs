import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { check, prompt, vector, weather } from "../checks.mjs";
import langchain from "./langchain.mjs";

export default function openai(gateway, route) {
  const configuration = { baseURL: `${gateway}v1` };
  const create = (useResponsesApi) => langchain((model) => new ChatOpenAI({ model, apiKey: "none", maxRetries: 0, maxTokens: 200, useResponsesApi, configuration }), route);
  const { plain, stream, tools } = create(true);
  return {
    ...create(false),
    responses: plain,
    responsesStream: stream,
    responsesTools: tools,
    embeddings: async () => {
      const vectors = await new OpenAIEmbeddings({ model: route, apiKey: "none", maxRetries: 0, configuration }).embedDocuments([prompt, weather]);
      check(vectors.length === 2, `${vectors.length} vectors`);
      vectors.forEach(vector);
    },
  };
}
