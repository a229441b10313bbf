using System.Text.Json.Nodes;
using ModelMigrate.Core.Catalog.Bundled;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Conformance;

/// <summary>Each quirk of the bundled table, for a client of the provider's own protocol and for one of the other.</summary>
public sealed class PresetQuirkTests
{
    private const string Ids = """[{"role":"user","content":"A"},{"role":"assistant","content":"B","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"R"}]""";

    [Theory]
    [InlineData("openai", "\"max_completion_tokens\":9,\"logprobs\":true", "\"max_completion_tokens\":9,\"logprobs\":true", "")]
    [InlineData("groq", "\"logprobs\":true,\"top_logprobs\":2,\"logit_bias\":{\"1\":2}", "\"logprobs\":null,\"top_logprobs\":null,\"logit_bias\":null", "logprobs: dropped; top_logprobs: dropped; logit_bias: dropped")]
    [InlineData("groq", "\"messages\":[{\"role\":\"user\",\"content\":\"A\",\"name\":\"n\"}]", "\"messages\":[{\"role\":\"user\",\"content\":\"A\"}]", "messages.name: dropped")]
    [InlineData("openrouter", "\"max_completion_tokens\":9,\"provider\":{\"order\":[\"x\"]}", "\"max_completion_tokens\":9,\"provider\":{\"order\":[\"x\"]}", "")]
    [InlineData("mistral", "\"max_completion_tokens\":9,\"seed\":7", "\"max_tokens\":9,\"random_seed\":7,\"max_completion_tokens\":null,\"seed\":null", "")]
    [InlineData("mistral", "\"user\":\"u\",\"stream\":true,\"stream_options\":{\"include_usage\":true}", "\"user\":null,\"stream\":true,\"stream_options\":null", "user: dropped; stream_options: dropped")]
    [InlineData("mistral", "\"stream\":true", "\"stream\":true,\"stream_options\":null", "")]
    [InlineData("mistral", "\"messages\":" + Ids, "", "messages.tool_calls.id: renamed nine letters x2")]
    [InlineData("mistral", "\"messages\":[{\"role\":\"assistant\",\"content\":\"A\",\"reasoning_content\":\"t\"},{\"role\":\"user\",\"content\":\"B\"}]", "\"messages\":[{\"role\":\"assistant\",\"content\":\"A\"},{\"role\":\"user\",\"content\":\"B\"}]", "messages.reasoning_content: dropped")]
    [InlineData("ollama", "\"max_completion_tokens\":9", "\"max_tokens\":9,\"max_completion_tokens\":null", "")]
    [InlineData("vllm", "\"max_completion_tokens\":9,\"min_p\":0.1", "\"max_completion_tokens\":9,\"min_p\":0.1", "")]
    [InlineData("tgi", "\"max_completion_tokens\":9", "\"max_tokens\":9,\"max_completion_tokens\":null", "")]
    [InlineData("localai", "\"max_completion_tokens\":9", "\"max_tokens\":9,\"max_completion_tokens\":null", "")]
    [InlineData("llama.cpp", "\"max_completion_tokens\":9", "\"max_tokens\":9,\"max_completion_tokens\":null", "")]
    [InlineData("mlx", "\"max_completion_tokens\":9", "\"max_tokens\":9,\"max_completion_tokens\":null", "")]
    [InlineData("lmstudio", "\"max_completion_tokens\":9", "\"max_tokens\":9,\"max_completion_tokens\":null", "")]
    [InlineData("lmstudio", "\"response_format\":{\"type\":\"json_object\"}", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":{\"type\":\"object\"}}}", "")]
    public async Task Chat_OfAnOpenAiClient_SentInTheProvidersDialect(string preset, string asks, string expected, string changes)
    {
        await using var upstream = await StubUpstream.StartAsync(
            asks.Contains("\"stream\":true", StringComparison.Ordinal) ? StubUpstream.Events(ChatSamples.Chunks) : StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(ModelOf(preset, upstream)));
        var messages = asks.Contains("\"messages\"", StringComparison.Ordinal) ? "" : """,\"messages\":[{"role":"user","content":"Hello"}]""".Replace("\\", "", StringComparison.Ordinal);

        using var answer = await gateway.PostAsync($$"""{"model":"chat",{{asks}}{{messages}}}""");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(changes, answer.Headers.TryGetValues("x-model-migrate-changes", out var said) ? said.Single() : "");
        var sent = JsonNode.Parse(upstream.Requests.Single().Body)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{expected}}}")!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, sent[name]), sent.ToJsonString());
            Assert.Equal(value is not null, sent.ContainsKey(name));
        }
    }

    [Theory]
    [InlineData("mistral", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"A\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":\"R\"}]}]", "messages.tool_calls.id: renamed nine letters x2")]
    [InlineData("groq", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"A\"}]", "")]
    [InlineData("ollama", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"A\"}]", "")]
    public async Task Messages_OfAnAnthropicClient_SentInTheProvidersDialect(string preset, string asks, string changes)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(ModelOf(preset, upstream)));
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, "/v1/messages"))
        {
            Content = new StringContent($$"""{"model":"chat",{{asks}}}""", System.Text.Encoding.UTF8, "application/json"),
        };

        using var answer = await gateway.Http.SendAsync(message);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(changes, answer.Headers.TryGetValues("x-model-migrate-changes", out var said) ? said.Single() : "");
        var sent = JsonNode.Parse(upstream.Requests.Single().Body)!.AsObject();
        var limit = BundledCatalog.Find(preset)!.Rejects.Contains("max_completion_tokens") ? "max_tokens" : "max_completion_tokens";
        Assert.Equal(9, sent[limit]!.GetValue<int>());
    }

    [Fact]
    public async Task Rejected_OnARouteThatRejectsChanges_IsA400AndNotAsked()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(ModelOf("groq", upstream)) with { Changes = ChangesPolicy.Reject });

        using var answer = await gateway.PostAsync("""{"model":"chat","logprobs":true,"messages":[{"role":"user","content":"Hello"}]}""");

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("logprobs: dropped", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    /// <summary>A provider that nobody thought of: its address and what it does otherwise, in the file.</summary>
    [Fact]
    public async Task Unknown_Provider_IsConfigurationAlone()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var model = KitRig.ModelOf("kind: openai, apiKey: \"${KEY}\", keyHeader: x-token, rejects: [seed, max_completion_tokens], includeUsage: false", new Uri(upstream.Url, "/api"));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model));

        using var answer = await gateway.PostAsync("""{"model":"chat","seed":7,"max_completion_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""");

        var sent = upstream.Requests.Single();
        Assert.Equal(("/api/chat/completions", KitRig.Key), (sent.Target, sent.Headers["x-token"]));
        Assert.Equal("""{"model":"m-name","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""", sent.Text);
        Assert.False(sent.Headers.ContainsKey("Authorization"));
    }

    private static ModelMigrate.Core.Catalog.ModelSnapshot ModelOf(string preset, StubUpstream upstream) =>
        KitRig.ModelOf($"kind: {preset}, apiKey: \"${{KEY}}\"", new Uri(upstream.Url, BundledCatalog.Find(preset)!.BaseUrl!.AbsolutePath));
}
