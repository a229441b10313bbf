// Reads one stream of responses through the official OpenAI SDK, which puts the answer together from its events; prints a line an event, and the answer last.
// usage: node resumed.mjs BASE_URL MODEL
import OpenAI from "openai";

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const runner = client.responses.stream({ model, store: false, input: "Hello" });
let text = "";
for await (const event of runner) {
  text += event.type === "response.output_text.delta" ? event.delta : "";
  console.log(JSON.stringify({ type: event.type, text }));
}
const { id, status, output, output_text: whole } = await runner.finalResponse();
console.log(JSON.stringify({ text, id, status, whole, items: output.map((item) => item.id) }));
