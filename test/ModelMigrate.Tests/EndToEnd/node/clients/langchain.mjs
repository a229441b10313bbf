// What the two chat classes of LangChain have in common: their interface is the same for every provider.
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { cancelled, check, counted, failing, fails, parameters, person, png, prompt, schema, someone, text, tool, weather } from "../checks.mjs";

const tools = [{ name: "weather", description: "The weather of a city", schema: parameters }];

export default function langchain(create, route) {
  const [model, slow, broken] = [route, `${route}-slow`, `${route}-failing`].map(create);
  return {
    plain: async () => {
      const answer = await model.invoke(prompt);
      text(answer.text);
      // It leaves out what is zero, as aimock's messages report.
      const { input_tokens = 0, output_tokens = 0, total_tokens = 0 } = answer.usage_metadata ?? {};
      check(total_tokens === input_tokens + output_tokens, `usage ${JSON.stringify(answer.usage_metadata)}`);
      counted(route, output_tokens);
    },
    stream: async () => {
      let whole;
      for await (const chunk of await model.stream(prompt)) {
        whole = whole === undefined ? chunk : whole.concat(chunk);
      }
      text(whole.text);
    },
    tools: async () => {
      const able = model.bindTools(tools);
      const first = await able.invoke(weather);
      tool(first.tool_calls[0].name, first.tool_calls[0].args);
      text((await able.invoke([new HumanMessage(weather), first, new ToolMessage({ tool_call_id: first.tool_calls[0].id, content: "rain" })])).text);
    },
    toolsStream: async () => {
      let whole;
      for await (const chunk of await model.bindTools(tools).stream(weather)) {
        whole = whole === undefined ? chunk : whole.concat(chunk);
      }
      tool(whole.tool_calls[0].name, whole.tool_calls[0].args);
      check(new AIMessage(whole).tool_calls.length === 1, "more calls than one");
    },
    image: async () => text((await model.invoke([new HumanMessage({ content: [{ type: "text", text: prompt }, { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }] })])).text),
    schema: async () => person(await model.withStructuredOutput({ title: "person", ...schema }, { name: "person", method: "jsonSchema" }).invoke(someone)),
    embeddings: null,
    transcription: null,
    responses: null,
    responsesStream: null,
    responsesTools: null,
    cancel: async () => {
      const stop = new AbortController();
      await cancelled(await slow.stream(prompt, { signal: stop.signal }), (chunk) => chunk.text, () => stop.abort());
    },
    error: () => fails(() => broken.invoke(failing)),
  };
}
