import Anthropic from "@anthropic-ai/sdk";
import { cancelled, check, counted, failing, fails, parameters, person, png, prompt, schema, someone, text, tool, weather } from "../checks.mjs";

const tools = [{ name: "weather", description: "The weather of a city", input_schema: parameters }];
const said = (message) => message.content.filter((block) => block.type === "text").map((block) => block.text).join("");
const call = (message) => message.content.find((block) => block.type === "tool_use");

export default function anthropic(gateway, route) {
  const client = new Anthropic({ baseURL: gateway, apiKey: "none", maxRetries: 0 });
  const ask = (content, more = {}) => client.messages.create({ model: route, max_tokens: 200, messages: [{ role: "user", content }], ...more });
  return {
    plain: async () => {
      const answer = await ask(prompt);
      text(said(answer));
      check(answer.stop_reason === "end_turn" && answer.type === "message", "stop reason");
      counted(route, answer.usage.output_tokens);
    },
    stream: async () => {
      const answer = await client.messages.stream({ model: route, max_tokens: 200, messages: [{ role: "user", content: prompt }] }).finalMessage();
      text(said(answer));
      check(answer.stop_reason === "end_turn", "stop reason");
      counted(route, answer.usage.output_tokens);
    },
    tools: async () => {
      const first = await ask(weather, { tools });
      check(first.stop_reason === "tool_use", first.stop_reason);
      tool(call(first).name, call(first).input);
      const messages = [
        { role: "user", content: weather }, { role: "assistant", content: first.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: call(first).id, content: "rain" }] },
      ];
      text(said(await client.messages.create({ model: route, max_tokens: 200, tools, messages })));
    },
    toolsStream: async () => {
      const answer = await client.messages.stream({ model: route, max_tokens: 200, tools, messages: [{ role: "user", content: weather }] }).finalMessage();
      check(answer.stop_reason === "tool_use", answer.stop_reason);
      tool(call(answer).name, call(answer).input);
    },
    image: async () => text(said(await ask([{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }, { type: "text", text: prompt }]))),
    schema: async () => person(said(await ask(someone, { output_config: { format: { type: "json_schema", schema } } }))),
    embeddings: null,
    transcription: null,
    responses: null,
    responsesStream: null,
    responsesTools: null,
    cancel: async () => {
      const stream = await ask(prompt, { stream: true, model: `${route}-slow` });
      await cancelled(stream, (event) => event.type === "content_block_delta", () => stream.controller.abort());
    },
    error: () => fails(() => ask(failing, { model: `${route}-failing` })),
  };
}
