using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.App.Evaluating.Promptfoo;

/// <summary>Answers that call tools, over HTTP against a provider whose message is what the prompt says.</summary>
public sealed class PromptfooToolTests() : PromptfooHttpTests(AnswerAsync)
{
    /// <summary>As promptfoo 0.121.20 gave them for the same file, with a provider of the same messages.</summary>
    [Fact]
    public async Task Compat_EveryRowWithTools_IsAsPromptfooHasIt()
    {
        await HoldsAsPromptfooHasItAsync("tools");

        var sent = Stub.Requests.Select(static request => JsonNode.Parse((ReadOnlySpan<byte>)request.Body)!).ToList();
        Assert.All(sent, static body => Assert.Null(body["functions"]));
        var tools = sent.First(static body => body["model"]!.GetValue<string>() == "tools");
        Assert.Equal("auto", tools["tool_choice"]!.GetValue<string>());
        Assert.Equal(["weather", "clock"], tools["tools"]!.AsArray().Select(static tool => tool!["function"]!["name"]!.GetValue<string>()));
        Assert.Equal(1, tools["tools"]![0]!["function"]!["parameters"]!["properties"]!["days"]!["minimum"]!.GetValue<int>());
    }

    /// <summary>Where strict parts from promptfoo: <c>not-</c> turns round, and a tool that is called twice counts twice.</summary>
    [Theory]
    [InlineData("{type: is-valid-openai-tools-call}", true, 1)]
    [InlineData("{type: not-is-valid-openai-tools-call}", false, 0)]
    [InlineData("{type: not-is-valid-function-call}", true, 1)]
    [InlineData("{type: tool-call-f1, value: [clock]}", false, 0.6666666666666666)]
    [InlineData("{type: tool-call-f1, value: 'clock, clock'}", true, 1)]
    [InlineData("{type: not-tool-call-f1, value: [weather], threshold: 0.5}", true, 1)]
    public async Task Strict_CallsOfTools_AreCountedAndTurned(string assertion, bool pass, double score)
    {
        var message = """{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"clock","arguments":"{}"}},{"id":"2","type":"function","function":{"name":"clock","arguments":"{}"}}]}""";
        var row = Assert.Single(await RunAsync(
            $"prompts: ['answer: {message}']\nproviders: [{{id: openai:chat:m, config: {{apiBaseUrl: '{Url}', tools: [{{type: function, function: {{name: clock, parameters: {{type: object}}}}}}]}}}}]\ntests: [{{assert: [{assertion}]}}]\n", PromptfooMode.Strict));
        Assert.Null(row.Error);
        Assert.Equal((pass, score), (row.IsPass, row.Grade!.Components[0].Score));
        Assert.Equal("tool_calls", row.Finish);
    }

    /// <summary>The shape of each protocol's answer, and its tools as that protocol writes them.</summary>
    [Theory]
    [InlineData("anthropic:messages:m", "{name: clock, input_schema: {type: object}}", "I look.\n\n{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"clock\",\"input\":{\"zone\":\"é\"}}", "provider has no functions")]
    [InlineData("google:m", "{functionDeclarations: [{name: clock, parameters: {type: OBJECT, properties: {zone: {type: STRING}}}}]}", "[{\"text\":\"I look.\"},{\"functionCall\":{\"name\":\"clock\",\"args\":{\"zone\":\"é\"}}}]", "")]
    public async Task Run_OtherProtocols_HaveTheirOwnShapes(string provider, string tool, string output, string wrong)
    {
        var row = Assert.Single(await RunAsync(
            $"prompts: [say]\nproviders: [{{id: '{provider}', config: {{apiKey: k, apiBaseUrl: '{Root}{(provider[0] == 'a' ? "/v1" : "/v1beta")}', tools: [{tool}]}}}}]\ntests: [{{assert: [{{type: tool-call-f1, value: clock}}, {{type: is-valid-function-call}}]}}]\n", PromptfooMode.Compat));
        Assert.Null(row.Error);
        Assert.Equal(output, row.Output);
        Assert.Equal([true, wrong.Length == 0], row.Grade!.Components.Select(static each => each.Pass));
        Assert.Contains("clock", JsonNode.Parse((ReadOnlySpan<byte>)Assert.Single(Stub.Requests).Body)!["tools"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools: [{type: web_search}]", "p.yaml:2:51: error unknown-key", "no key 'type'")]
    [InlineData("tools: [{type: function, function: {parameters: {}}}]", "p.yaml:2:77: error missing-key", "has no name")]
    [InlineData("tools: [{type: function, function: {name: a, parameters: {type: objekt}}}]", "p.yaml:2:99: error bad-value", "the schema is wrong")]
    [InlineData("functions: [{name: a, description: 'for {{user}}'}]", "p.yaml:2:54: error template", "are not filled here")]
    [InlineData("tools: file://tools.js", "p.yaml:2:49: error not-run", ".json or .yaml")]
    [InlineData("tools: file://none.json", "p.yaml:2:49: error file-missing", "cannot be read")]
    [InlineData("tool_choice: sometimes", "p.yaml:2:55: error bad-value", "auto, none or required")]
    public void Read_ToolsThatCannotBeTold_AreRefused(string config, string place, string says)
    {
        var (read, problems) = PromptfooRig.Read($"prompts: [a]\nproviders: [{{id: openai:chat:a, config: {{{config}}}}}]\ntests: [{{assert: [{{type: is-valid-openai-tools-call}}]}}]\n");
        Assert.Null(read);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{type: tool-call-f1}", "p.yaml:3:19: error bad-value", "a list of texts")]
    [InlineData("{type: is-xml, value: {elements: [a]}}", "p.yaml:3:41: error bad-value", "names of elements")]
    [InlineData("{type: contains-xml, value: 3}", "p.yaml:3:47: error bad-value", "names of elements")]
    [InlineData("{type: is-sql}", "p.yaml:3:26: error not-run", "reads SQL")]
    public void Read_ValuesThatNameNothing_AreRefused(string assertion, string place, string says)
    {
        var (read, problems) = PromptfooRig.Tests($"tests: [{{assert: [{assertion}]}}]");
        Assert.Null(read);
        Assert.Contains(problems, problem => problem.ToString().StartsWith(place, StringComparison.Ordinal) && problem.ToString().Contains(says, StringComparison.Ordinal));
    }

    /// <summary>In strict a part must be well-formed by itself, or with what stands beside it.</summary>
    [Theory]
    [InlineData("a <b>bold & loud</b> word", false)]
    [InlineData("a <b>bold</b> & <i>loud</i> word", true)]
    [InlineData("a <b x=1>bold</b>", false)]
    public async Task Strict_XmlInAnAnswer_MustBeWellFormed(string text, bool pass)
    {
        var row = Assert.Single(await RunAsync($"prompts: ['{text}']\nproviders: [echo]\ntests: [{{assert: [{{type: contains-xml}}]}}]\n", PromptfooMode.Strict));
        Assert.Equal(pass, row.IsPass);
    }

    internal static Task AnswerAsync(HttpContext context, StubUpstream.Received received)
    {
        var path = context.Request.Path.Value!;
        if (path.Contains("messages", StringComparison.Ordinal))
        {
            return StubUpstream.Json("""{"id":"1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"clock","input":{"zone":"é"}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}}""")(context, received);
        }

        if (path.Contains("generateContent", StringComparison.Ordinal))
        {
            return StubUpstream.Json("""{"candidates":[{"content":{"role":"model","parts":[{"text":"I look."},{"functionCall":{"name":"clock","args":{"zone":"é"}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5}}""")(context, received);
        }

        var asked = JsonNode.Parse((ReadOnlySpan<byte>)received.Body)!;
        var message = JsonNode.Parse(asked["messages"]![0]!["content"]!.GetValue<string>()["answer: ".Length..])!.AsObject();
        if (message["function_call"] is { } function && asked["functions"] is null)
        {
            // We send functions as tools, and a provider then answers with calls of tools; promptfoo sends them as functions.
            message.Remove("function_call");
            message["tool_calls"] = new JsonArray(new JsonObject { ["id"] = "1", ["type"] = "function", ["function"] = function });
        }

        return StubUpstream.Json(JsonSerializer.Serialize(new
        {
            id = "1", @object = "chat.completion", created = 1, model = "m", choices = new[] { new { index = 0, message, finish_reason = message["tool_calls"] is null ? "stop" : "tool_calls" } },
            usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
        }))(context, received);
    }
}
