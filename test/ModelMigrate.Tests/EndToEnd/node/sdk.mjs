// Runs every feature of one official SDK against one route, and prints a line of JSON for each.
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";

const [, , gateway, sdk, route] = process.argv;
const prompt = "Say hello in five languages";
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const schema = { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } }, required: ["name", "age"], additionalProperties: false };

const check = (fine, what) => {
  if (!fine) throw new Error(what);
};
const text = (said) => check(typeof said === "string" && said.length > 3, `no text: ${JSON.stringify(said)}`);
const tool = (name, input) => check(name === "weather" && typeof input.city === "string", `no call: ${name} ${JSON.stringify(input)}`);
const person = (said) => {
  const { name, age } = JSON.parse(said);
  check(typeof name === "string" && Number.isInteger(age), `not the schema: ${said}`);
};

async function fails(call, statuses) {
  try {
    await call();
  } catch (e) {
    check(statuses.includes(e.status) && e.message.length > 10, `wrong error: ${e.status} ${e.message}`);
    return;
  }
  throw new Error("no error");
}

async function cancelled(stream, pieces) {
  let seen = 0;
  try {
    for await (const piece of stream) {
      if (pieces(piece)) {
        seen++;
        stream.controller.abort();
      }
    }
  } catch (e) {
    check(e.name.includes("Abort"), `${e.name} ${e.message}`);
  }
  check(seen > 0, "nothing came before the cancel");
}

function openai() {
  const client = new OpenAI({ baseURL: `${gateway}v1`, apiKey: "none", maxRetries: 0 });
  const ask = (content, more = {}) => client.chat.completions.create({ model: route, max_tokens: 200, messages: [{ role: "user", content }], ...more });
  const tools = [{ type: "function", function: { name: "weather", description: "The weather of a city", parameters } }];
  return {
    plain: async () => {
      const answer = await ask(prompt);
      text(answer.choices[0].message.content);
      check(answer.choices[0].finish_reason === "stop" && answer.usage.total_tokens === answer.usage.prompt_tokens + answer.usage.completion_tokens, "finish or usage");
    },
    stream: async () => {
      let said = "", finish, usage;
      for await (const chunk of await ask(prompt, { stream: true, stream_options: { include_usage: true } })) {
        said += chunk.choices[0]?.delta?.content ?? "";
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      text(said);
      check(finish === "stop" && usage.completion_tokens >= 0, `finish ${finish}`);
    },
    tools: async () => {
      const first = await ask("Weather in Paris?", { tools });
      const message = first.choices[0].message;
      check(first.choices[0].finish_reason === "tool_calls", first.choices[0].finish_reason);
      tool(message.tool_calls[0].function.name, JSON.parse(message.tool_calls[0].function.arguments));
      const messages = [{ role: "user", content: "Weather in Paris?" }, message, { role: "tool", tool_call_id: message.tool_calls[0].id, content: "rain" }];
      text((await client.chat.completions.create({ model: route, max_tokens: 200, tools, messages })).choices[0].message.content);
    },
    toolsStream: async () => {
      const runner = client.chat.completions.stream({ model: route, max_tokens: 200, tools, messages: [{ role: "user", content: "Weather in Paris?" }] });
      const { choices } = await runner.finalChatCompletion();
      check(choices[0].finish_reason === "tool_calls", choices[0].finish_reason);
      tool(choices[0].message.tool_calls[0].function.name, JSON.parse(choices[0].message.tool_calls[0].function.arguments));
    },
    image: async () => text((await ask([{ type: "text", text: prompt }, { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }])).choices[0].message.content),
    schema: async () => person((await ask("A person, please", { response_format: { type: "json_schema", json_schema: { name: "person", schema, strict: true } } })).choices[0].message.content),
    error: () => fails(() => ask(prompt, { messages: [] }), [400, 404, 502]),
    cancel: async () => cancelled(await ask(prompt, { stream: true }), (chunk) => chunk.choices[0]?.delta?.content),
  };
}

function anthropic() {
  const client = new Anthropic({ baseURL: gateway, apiKey: "none", maxRetries: 0 });
  const ask = (content, more = {}) => client.messages.create({ model: route, max_tokens: 200, messages: [{ role: "user", content }], ...more });
  const tools = [{ name: "weather", description: "The weather of a city", input_schema: parameters }];
  const said = (message) => message.content.filter((block) => block.type === "text").map((block) => block.text).join("");
  const call = (message) => message.content.find((block) => block.type === "tool_use");
  return {
    plain: async () => {
      const answer = await ask(prompt);
      text(said(answer));
      check(answer.stop_reason === "end_turn" && answer.usage.output_tokens >= 0 && answer.type === "message", "stop reason or usage");
    },
    stream: async () => {
      const answer = await client.messages.stream({ model: route, max_tokens: 200, messages: [{ role: "user", content: prompt }] }).finalMessage();
      text(said(answer));
      check(answer.stop_reason === "end_turn" && answer.usage.output_tokens >= 0, "stop reason or usage");
    },
    tools: async () => {
      const first = await ask("Weather in Paris?", { tools });
      check(first.stop_reason === "tool_use", first.stop_reason);
      tool(call(first).name, call(first).input);
      const messages = [
        { role: "user", content: "Weather in Paris?" }, { role: "assistant", content: first.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: call(first).id, content: "rain" }] },
      ];
      text(said(await client.messages.create({ model: route, max_tokens: 200, tools, messages })));
    },
    toolsStream: async () => {
      const answer = await client.messages.stream({ model: route, max_tokens: 200, tools, messages: [{ role: "user", content: "Weather in Paris?" }] }).finalMessage();
      check(answer.stop_reason === "tool_use", answer.stop_reason);
      tool(call(answer).name, call(answer).input);
    },
    image: async () => text(said(await ask([{ type: "image", source: { type: "base64", media_type: "image/png", data: png } }, { type: "text", text: prompt }]))),
    schema: async () => person(said(await ask("A person, please", { output_config: { format: { type: "json_schema", schema } } }))),
    error: () => fails(() => ask(prompt, { messages: [] }), [400, 404, 502]),
    cancel: async () => cancelled(await ask(prompt, { stream: true }), (event) => event.type === "content_block_delta"),
  };
}

for (const [feature, run] of Object.entries(sdk === "openai" ? openai() : anthropic())) {
  let problem = null;
  try {
    await run();
  } catch (e) {
    problem = `${e.name}: ${e.message}`;
  }
  console.log(JSON.stringify({ feature, problem }));
}
