import OpenAI, { toFile } from "openai";
import { cancelled, check, counted, failing, fails, parameters, person, png, prompt, schema, someone, text, tool, vector, wav, weather } from "../checks.mjs";

const tools = [{ type: "function", function: { name: "weather", description: "The weather of a city", parameters } }];

export default function openai(gateway, route) {
  const client = new OpenAI({ baseURL: `${gateway}v1`, apiKey: "none", maxRetries: 0 });
  const ask = (content, more = {}) => client.chat.completions.create({ model: route, max_tokens: 200, messages: [{ role: "user", content }], ...more });
  const respond = (input, more = {}) => client.responses.create({ model: route, max_output_tokens: 200, input, ...more });
  return {
    plain: async () => {
      const answer = await ask(prompt);
      text(answer.choices[0].message.content);
      check(answer.choices[0].finish_reason === "stop" && answer.usage.total_tokens === answer.usage.prompt_tokens + answer.usage.completion_tokens, "finish or usage");
      counted(route, answer.usage.completion_tokens);
    },
    stream: async () => {
      let said = "", finish, usage;
      for await (const chunk of await ask(prompt, { stream: true, stream_options: { include_usage: true } })) {
        said += chunk.choices[0]?.delta?.content ?? "";
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      text(said);
      check(finish === "stop", `finish ${finish}`);
      counted(route, usage.completion_tokens);
    },
    tools: async () => {
      const first = await ask(weather, { tools });
      const message = first.choices[0].message;
      check(first.choices[0].finish_reason === "tool_calls", first.choices[0].finish_reason);
      tool(message.tool_calls[0].function.name, JSON.parse(message.tool_calls[0].function.arguments));
      const messages = [{ role: "user", content: weather }, message, { role: "tool", tool_call_id: message.tool_calls[0].id, content: "rain" }];
      text((await client.chat.completions.create({ model: route, max_tokens: 200, tools, messages })).choices[0].message.content);
    },
    toolsStream: async () => {
      const runner = client.chat.completions.stream({ model: route, max_tokens: 200, tools, messages: [{ role: "user", content: weather }] });
      const { choices } = await runner.finalChatCompletion();
      check(choices[0].finish_reason === "tool_calls", choices[0].finish_reason);
      tool(choices[0].message.tool_calls[0].function.name, JSON.parse(choices[0].message.tool_calls[0].function.arguments));
    },
    image: async () => text((await ask([{ type: "text", text: prompt }, { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }])).choices[0].message.content),
    schema: async () => person((await ask(someone, { response_format: { type: "json_schema", json_schema: { name: "person", schema, strict: true } } })).choices[0].message.content),
    embeddings: async () => {
      const answer = await client.embeddings.create({ model: route, input: [prompt, weather] });
      check(answer.data.length === 2, `${answer.data.length} vectors`);
      answer.data.forEach((item) => vector(item.embedding));
    },
    transcription: async () => text((await client.audio.transcriptions.create({ model: route, file: await toFile(wav(), "speech.wav") })).text),
    responses: async () => {
      const answer = await respond(prompt);
      text(answer.output_text);
      check(answer.status === "completed" && answer.usage.total_tokens === answer.usage.input_tokens + answer.usage.output_tokens, "status or usage");
      counted(route, answer.usage.output_tokens);
    },
    responsesStream: async () => {
      const runner = client.responses.stream({ model: route, input: prompt });
      let said = "";
      for await (const event of runner) said += event.type === "response.output_text.delta" ? event.delta : "";
      text(said);
      const { output_text, status } = await runner.finalResponse();
      check(output_text === said && status === "completed", `status ${status}`);
    },
    responsesTools: async () => {
      const able = { tools: [{ type: "function", name: "weather", description: "The weather of a city", parameters, strict: true }] };
      const first = await client.responses.stream({ model: route, input: weather, ...able }).finalResponse();
      const call = first.output.find((item) => item.type === "function_call");
      tool(call.name, JSON.parse(call.arguments));
      const input = [{ role: "user", content: weather }, ...first.output.map(({ parsed_arguments, ...item }) => item), { type: "function_call_output", call_id: call.call_id, output: "rain" }];
      text((await respond(input, able)).output_text);
    },
    cancel: async () => {
      const stream = await ask(prompt, { stream: true, model: `${route}-slow` });
      await cancelled(stream, (chunk) => chunk.choices[0]?.delta?.content, () => stream.controller.abort());
    },
    error: () => fails(() => ask(failing, { model: `${route}-failing` })),
  };
}
