using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Translation;

/// <summary>Translation bugs that other gateways shipped, by their public reports; each by the name of one of them.</summary>
public sealed class ShippedTranslationTests
{
    private const string Hello = """{"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

    /// <summary>A provider's call with the reason "stop" reached clients as <c>end_turn</c>, and pipelines were silently empty for days (bifrost 6123).</summary>
    [Theory]
    [InlineData("stop")]
    [InlineData("tool_calls")]
    [InlineData("function_call")]
    public void ToolCall_Bifrost6123_IsNeverAnEndOfTurn(string reason)
    {
        var result = Codec.ReadAnswer(Call(ProviderKind.OpenAi), $$$"""
            {"choices":[{"message":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"{{{reason}}}"}]}
            """);

        Assert.Equal("tool_use", JsonNode.Parse(Codec.WriteAnswer(ProviderKind.Anthropic, result))!["stop_reason"]!.GetValue<string>());
    }

    /// <summary>The other way round: <c>tool_use</c>, and also an <c>end_turn</c> beside calls, is <c>tool_calls</c> (bifrost 6123).</summary>
    [Theory]
    [InlineData("tool_use")]
    [InlineData("end_turn")]
    public void ToolUse_Bifrost6123_IsNeverAStop(string reason)
    {
        var deltas = Codec.ReadStream(Call(ProviderKind.Anthropic), Block(0, "f") + $$$"""
            data: {"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"},"usage":{"output_tokens":1}}


            """, [1000]);

        Assert.Contains("\"finish_reason\":\"tool_calls\"", Codec.WriteStream(ProviderKind.OpenAi, deltas), StringComparison.Ordinal);
    }

    /// <summary>Argument deltas stood in a buffer for two minutes (bifrost 2048, 2786, 4788): the client has each before the provider sends the next.</summary>
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task ToolDeltas_Bifrost2048_ReachTheClientBeforeTheNext(ProviderKind client)
    {
        var provider = client == ProviderKind.OpenAi ? ProviderKind.Anthropic : ProviderKind.OpenAi;
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(
            provider == ProviderKind.Anthropic
                ? "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"a\"}}\n\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"ab\"}}\n\n"
                : "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"ab\"}}]}}]}\n\n"));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, provider)));
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, client == ProviderKind.OpenAi ? "/v1/chat/completions" : "/v1/messages"))
        {
            Content = new StringContent(Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };

        using var response = await gateway.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var line = ""; !line.Contains("{\\\"ab", StringComparison.Ordinal);)
        {
            line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("The stream ended.");
        }

        Assert.False(upstream.Requests.Single().Gone.Task.IsCompleted);
    }

    /// <summary>Calls that were lost, merged or numbered anew (litellm 25836, 25561, 25321): servers that number every call 0, or not at all.</summary>
    [Theory]
    [InlineData("\"index\":0,", "\"index\":0,")]
    [InlineData("", "")]
    [InlineData("\"index\":1,", "\"index\":2,")]
    public void ParallelCalls_Litellm25836_StayTwoWithTheirIds(string first, string second)
    {
        var events = CallChunk($$$"""{{{{first}}}"id":"t1","function":{"name":"f","arguments":"{\"a\":"}}""") + CallChunk($$$"""{{{{first}}}"function":{"arguments":"1}"}}""")
            + CallChunk($$$"""{{{{second}}}"id":"t2","function":{"name":"f","arguments":"{}"}}""");

        var deltas = Codec.ReadStream(Call(ProviderKind.OpenAi), events, [1000]);

        Assert.Equal("call 0: t1 f {\"a\":1}\ncall 1: t2 f {}", NeutralText.Of(deltas));
        var blocks = Codec.ReadStream(Call(ProviderKind.Anthropic), Codec.WriteStream(ProviderKind.Anthropic, deltas), [1000]);
        Assert.Equal("call 0: t1 f {\"a\":1}\ncall 1: t2 f {}\nfinish: ToolCalls", NeutralText.Of(blocks));
    }

    /// <summary>Arguments of two calls that come in turns (litellm 18238): each goes on in its own block.</summary>
    [Fact]
    public void InterleavedCalls_Litellm18238_KeepTheirOwnArguments()
    {
        var events = CallChunk("""{"index":0,"id":"t1","function":{"name":"f","arguments":"{\"a\":"}}""") + CallChunk("""{"index":1,"id":"t2","function":{"name":"g","arguments":"{\"b\":"}}""")
            + CallChunk("""{"index":0,"function":{"arguments":"1}"}}""") + CallChunk("""{"index":1,"function":{"arguments":"2}"}}""");

        var written = Codec.WriteStream(ProviderKind.Anthropic, Codec.ReadStream(Call(ProviderKind.OpenAi), events, [1000]));
        var pieces = written.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => JsonNode.Parse(e.Split("data: ")[1])!)
            .Where(e => e["type"]!.GetValue<string>() == "content_block_delta").GroupBy(e => e["index"]!.GetValue<int>(), e => e["delta"]!["partial_json"]!.GetValue<string>());

        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], pieces.Select(group => string.Concat(group)));
    }

    /// <summary><c>tool_choice</c> and <c>parallel_tool_calls</c> were ignored (litellm 36262, 5231, 24443; bifrost PR 3441).</summary>
    [Theory]
    [InlineData("\"tool_choice\":\"required\",\"parallel_tool_calls\":false", """{"type":"any","disable_parallel_tool_use":true}""")]
    [InlineData("\"parallel_tool_calls\":false", """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData("\"tool_choice\":\"none\"", """{"type":"none"}""")]
    public void ToolChoice_Litellm36262_IsCarried(string asked, string sent)
    {
        var request = Codec.Read(ProviderKind.OpenAi, $$$"""{"model":"m",{{{asked}}},"tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"x"}]}""");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sent), JsonNode.Parse(Codec.Write(Codec.Model(ProviderKind.Anthropic), request))!["tool_choice"]));
    }

    /// <summary>Cached tokens counted twice (litellm 14849), stream usage lost or doubled (36168, 42663): each token once, in either direction.</summary>
    [Fact]
    public void Usage_Litellm14849_EachTokenOnceInEitherDirection()
    {
        var fromAnthropic = Codec.ReadStream(Call(ProviderKind.Anthropic), """
            data: {"type":"message_start","message":{"id":"m","model":"a","usage":{"input_tokens":5,"cache_creation_input_tokens":3,"cache_read_input_tokens":2,"output_tokens":1}}}

            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}


            """, [1000]);
        Assert.Contains("\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":7,\"total_tokens\":17,\"prompt_tokens_details\":{\"cached_tokens\":2,\"cache_write_tokens\":3}}",
            Codec.WriteStream(ProviderKind.OpenAi, fromAnthropic), StringComparison.Ordinal);

        // Some servers repeat the totals so far in every chunk.
        var fromOpenAi = Codec.ReadStream(Call(ProviderKind.OpenAi), string.Concat(Enumerable.Range(1, 3).Select(i =>
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}" + (i == 3 ? ",\"finish_reason\":\"stop\"" : "")
            + $"}}],\"usage\":{{\"prompt_tokens\":10,\"completion_tokens\":{i},\"prompt_tokens_details\":{{\"cached_tokens\":4}}}}}}\n\n")), [1000]);
        Assert.Contains("\"usage\":{\"input_tokens\":6,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":4,\"output_tokens\":3}}\n\nevent: message_stop",
            Codec.WriteStream(ProviderKind.Anthropic, fromOpenAi), StringComparison.Ordinal);
    }

    /// <summary>Parameters dropped in silence (litellm 14056, 2275): each is named, and a model's own refusals are configuration (vault-operator 34, Fabric 2109).</summary>
    [Fact]
    public void Parameters_Litellm14056_DroppedOnesAreNamed()
    {
        var changes = new ChangeList();
        var request = Codec.Read(ProviderKind.OpenAi, """{"model":"m","temperature":0.3,"top_p":0.5,"seed":7,"logit_bias":{"1":2},"messages":[{"role":"user","content":"x","name":"n"}]}""");

        var sent = JsonNode.Parse(Codec.Write(Codec.Model(ProviderKind.Anthropic) with { Rejects = ["temperature"] }, request, changes))!.AsObject();

        Assert.False(sent.ContainsKey("temperature"));
        Assert.Equal("messages.name: dropped; temperature: dropped; seed: dropped; logit_bias: dropped", changes.ToString());
    }

    /// <summary>
    /// Thinking that another family signed bricked conversations (UncommonRoute 19 and 20, 9router 4136, CLIProxyAPI PR 994): a conversation
    /// goes from one model to the other and back, and neither is sent the other's state, nor loses its own.
    /// </summary>
    [Fact]
    public async Task Conversation_UncommonRoute19_GoesToAnotherFamilyAndBack()
    {
        var thinking = ChatSamples.AnthropicAnswer.Replace("[{\"type\":\"text\"", "[{\"type\":\"thinking\",\"thinking\":\"T\",\"signature\":\"SIG\"},{\"type\":\"text\"", StringComparison.Ordinal);
        await using var claude = await StubUpstream.StartAsync(StubUpstream.Json(thinking));
        await using var gpt = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer.Replace("\"content\"", "\"reasoning_content\":\"R\",\"content\"", StringComparison.Ordinal)));
        var models = (Claude: GatewayHost.Model("claude", claude, ProviderKind.Anthropic), Gpt: GatewayHost.Model("gpt", gpt));
        await using var gateway = await GatewayHost.StartAsync();
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" });

        foreach (var weight in (int[])[0, SplitSnapshot.Total, 0, SplitSnapshot.Total])
        {
            gateway.Publish(GatewayHost.Migrating(models.Claude, models.Gpt, weightPpm: weight));
            using var response = await gateway.Http.PostAsync(new Uri(gateway.Url, "/v1/messages"), new StringContent(
                new JsonObject { ["model"] = "chat", ["max_tokens"] = 9, ["thinking"] = new JsonObject { ["type"] = "adaptive" }, ["messages"] = messages.DeepClone() }.ToJsonString(),
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = answer["content"]!.DeepClone() });
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = "Go on" });
        }

        var toClaude = claude.Requests.Last().Text;
        Assert.Contains("{\"type\":\"thinking\",\"thinking\":\"T\",\"signature\":\"SIG\"}", toClaude, StringComparison.Ordinal);
        Assert.DoesNotContain("\"R\"", toClaude, StringComparison.Ordinal);
        var toGpt = gpt.Requests.Last().Text;
        Assert.Contains("\"reasoning_content\":\"R\"", toGpt, StringComparison.Ordinal);
        Assert.DoesNotContain("SIG", toGpt, StringComparison.Ordinal);
        Assert.DoesNotContain("mm1.", toClaude + toGpt, StringComparison.Ordinal);
    }

    private static string CallChunk(string call) => $$$"""data: {"choices":[{"index":0,"delta":{"tool_calls":[{{{call}}}]}}]}""" + "\n\n";

    private static string Block(int index, string name) =>
        $$$$"""data: {"type":"content_block_start","index":{{{{index}}}},"content_block":{"type":"tool_use","id":"t","name":"{{{{name}}}}","input":{}}}""" + "\n\n"
        + $"data: {{\"type\":\"content_block_stop\",\"index\":{index}}}\n\n";

    private static ModelCall Call(ProviderKind kind) =>
        new() { Model = Codec.Model(kind, "m"), Request = new ChatRequest { Turns = [new ChatTurn(ChatRole.User, "Hello")] } };
}
