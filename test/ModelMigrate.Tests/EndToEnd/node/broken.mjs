// Reads one stream through the official OpenAI SDK and prints, a line a chunk, what the application got of it; the last line says how it ended.
// usage: node broken.mjs BASE_URL MODEL
import OpenAI from "openai";

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const result = { text: "", error: null, message: null };
try {
  const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: "Hello" }] });
  for await (const chunk of stream) {
    result.text += chunk.choices[0]?.delta?.content ?? "";
    console.log(JSON.stringify(result));
  }
} catch (error) {
  result.error = error.constructor.name;
  result.message = error.message;
}
console.log(JSON.stringify(result));
