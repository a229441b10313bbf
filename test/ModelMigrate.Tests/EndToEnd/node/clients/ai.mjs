// What the AI SDK does with a model of any provider.
import { generateText, jsonSchema, Output, streamText, tool as define } from "ai";
import { cancelled, check, counted, failing, fails, parameters, person, png, prompt, schema, someone, text, tool, weather } from "../checks.mjs";

const tools = { weather: define({ description: "The weather of a city", inputSchema: jsonSchema(parameters) }) };

export default function ai(create, route) {
  const options = { model: create(route), maxRetries: 0, maxOutputTokens: 200 };
  const quiet = { onError: () => {} };
  return {
    plain: async () => {
      const answer = await generateText({ ...options, prompt });
      text(answer.text);
      check(answer.finishReason === "stop", `finish ${answer.finishReason}`);
      counted(route, answer.usage.outputTokens);
    },
    stream: async () => {
      const answer = streamText({ ...options, prompt });
      let said = "";
      for await (const piece of answer.textStream) said += piece;
      text(said);
      check(await answer.finishReason === "stop", `finish ${await answer.finishReason}`);
      counted(route, (await answer.usage).outputTokens);
    },
    tools: async () => {
      const first = await generateText({ ...options, tools, prompt: weather });
      check(first.finishReason === "tool-calls", first.finishReason);
      const [call] = first.toolCalls;
      tool(call.toolName, call.input);
      const result = { type: "tool-result", toolCallId: call.toolCallId, toolName: call.toolName, output: { type: "text", value: "rain" } };
      const messages = [{ role: "user", content: weather }, ...first.response.messages, { role: "tool", content: [result] }];
      text((await generateText({ ...options, tools, messages })).text);
    },
    toolsStream: async () => {
      const answer = streamText({ ...options, tools, prompt: weather });
      const [call] = await answer.toolCalls;
      tool(call.toolName, call.input);
      check(await answer.finishReason === "tool-calls", await answer.finishReason);
    },
    image: async () => text((await generateText({ ...options, messages: [{ role: "user", content: [{ type: "text", text: prompt }, { type: "image", image: png, mediaType: "image/png" }] }] })).text),
    schema: async () => person((await generateText({ ...options, prompt: someone, output: Output.object({ schema: jsonSchema(schema) }) })).output),
    embeddings: null,
    transcription: null,
    responses: null,
    responsesStream: null,
    responsesTools: null,
    cancel: async () => {
      const stop = new AbortController();
      const answer = streamText({ ...options, ...quiet, model: create(`${route}-slow`), prompt, abortSignal: stop.signal });
      await cancelled(answer.textStream, (piece) => piece.length > 0, () => stop.abort());
    },
    error: () => fails(() => generateText({ ...options, model: create(`${route}-failing`), prompt: failing })),
  };
}
