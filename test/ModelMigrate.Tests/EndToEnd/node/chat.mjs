// Sends chats through the official OpenAI SDK and prints one JSON line a chat.
// usage: node chat.mjs BASE_URL MODEL COUNT PROMPT
import OpenAI from "openai";

const [baseURL, model, count, prompt] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });

async function plain(user) {
  const { data, response } = await client.chat.completions
    .create({ model, user, max_tokens: 200, messages: [{ role: "system", content: "Be brief." }, { role: "user", content: prompt }] })
    .withResponse();
  return { stream: false, arm: response.headers.get("x-model-migrate-arm"), text: data.choices[0].message.content, finish: data.choices[0].finish_reason, usage: data.usage };
}

async function streamed(user) {
  const { data, response } = await client.chat.completions
    .create({ model, user, max_tokens: 200, stream: true, stream_options: { include_usage: true }, messages: [{ role: "user", content: prompt }] })
    .withResponse();
  const result = { stream: true, arm: response.headers.get("x-model-migrate-arm"), text: "", finish: null, usage: null, chunks: 0 };
  for await (const chunk of data) {
    result.chunks++;
    result.text += chunk.choices[0]?.delta?.content ?? "";
    result.finish = chunk.choices[0]?.finish_reason ?? result.finish;
    result.usage = chunk.usage ?? result.usage;
  }
  return result;
}

for (let i = 0; i < Number(count); i++) {
  const user = `node-${i}`;
  console.log(JSON.stringify(await (i % 2 ? streamed(user) : plain(user))));
}
