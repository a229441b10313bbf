using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>State that clients hold from before a migration began, when bytes passed and nothing was tagged.</summary>
public sealed class ThinkingStateTests
{
    private const string Gemini = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}""";

    private const string Bedrock = """{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""";

    private const string First = """{"model":"chat","max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"A"}]}""";

    /// <summary>What a client sends next, without asking for thinking any more.</summary>
    private const string Second = """
        {"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"A"},{"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"SIG=="},
        {"type":"redacted_thinking","data":"RED=="},{"type":"text","text":"B"}]},{"role":"user","content":"C"}]}
        """;

    private static readonly ResponsesSamples s_samples = new();

    private static readonly string s_thought = ChatSamples.AnthropicAnswer.Replace(
        "[{\"type\":\"text\"", "[{\"type\":\"thinking\",\"thinking\":\"T\",\"signature\":\"SIG==\"},{\"type\":\"redacted_thinking\",\"data\":\"RED==\"},{\"type\":\"text\"", StringComparison.Ordinal);

    [Theory]
    [InlineData(ProviderKind.Gemini, "gemini-3-pro")]
    [InlineData(ProviderKind.Anthropic, "glm-4.6")]
    [InlineData(ProviderKind.Bedrock, "amazon.nova-pro-v1:0")]
    public async Task Migrating_SignaturesFromBefore_ReachTheSourceAlone(ProviderKind kind, string name)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(s_thought));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(kind switch
        {
            ProviderKind.Gemini => Gemini, ProviderKind.Bedrock => Bedrock, ProviderKind.Anthropic or ProviderKind.OpenAi => ChatSamples.AnthropicAnswer,
        }));
        var source = GatewayHost.Model("claude", upstream, ProviderKind.Anthropic);
        var target = GatewayHost.Model("t", other, kind) with { Name = name };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(source));

        using var first = await gateway.PostToAsync("/v1/messages", First);
        Assert.Equal(s_thought, await first.Content.ReadAsStringAsync());

        gateway.Publish(GatewayHost.Migrating(source, target));
        using var moved = await gateway.PostToAsync("/v1/messages", Second);

        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());
        var sent = Assert.Single(other.Requests).Text;
        Assert.DoesNotContain("SIG==", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("RED==", sent, StringComparison.Ordinal);
        Assert.Contains("messages.thinking: dropped", moved.Headers.GetValues("x-model-migrate-changes").Single(), StringComparison.Ordinal);

        gateway.Publish(GatewayHost.Migrating(source, target, weightPpm: 0));
        using var back = await gateway.PostToAsync("/v1/messages", Second);

        Assert.Equal(Second.Replace("\"chat\"", "\"claude-name\"", StringComparison.Ordinal), upstream.Requests.Last().Text);
        Assert.False(back.Headers.Contains("x-model-migrate-changes"));
    }

    /// <summary>The same maker's models behind another protocol read it.</summary>
    [Fact]
    public async Task Migrating_SignaturesFromBefore_ReachTheSameFamilyElsewhere()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Bedrock));
        var source = GatewayHost.Model("claude", upstream, ProviderKind.Anthropic);
        var target = GatewayHost.Model("t", upstream, ProviderKind.Bedrock) with { Name = "us.anthropic.claude-sonnet-4" };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(source, target));

        using var response = await gateway.PostToAsync("/v1/messages", Second);

        Assert.Contains("\"signature\":\"SIG==\"", Assert.Single(upstream.Requests).Text, StringComparison.Ordinal);
    }

    /// <summary>Encrypted reasoning: another family cannot read it, nor can its own at another provider.</summary>
    [Theory]
    [InlineData("glm-5", "t-provider")]
    [InlineData("glm-5", "gpt-provider")]
    [InlineData("gpt-6", "t-provider")]
    public async Task Migrating_EncryptedReasoningBetweenResponses_StaysWithWhoMadeIt(string name, string provider)
    {
        var answer = s_samples.Whole.Replace("\"output\":[", "\"output\":[{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[],\"encrypted_content\":\"gBBBB\"},", StringComparison.Ordinal);
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        var source = GatewayHost.Model("gpt", upstream) with { InResponses = true };
        var target = GatewayHost.Model("t", other) with { InResponses = true, Name = name };
        target = target with { Provider = target.Provider with { Id = new ProviderId(provider) } };
        const string Ask = """{"model":"chat","store":false,"reasoning":{"effort":"low"},"input":[{"role":"user","content":"A"},{"type":"reasoning","id":"r","summary":[],"encrypted_content":"gAAAA"},{"role":"user","content":"B"}]}""";
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(source));

        using var before = await gateway.PostToAsync("/v1/responses", Ask);
        Assert.Equal(answer, await before.Content.ReadAsStringAsync());
        Assert.Equal(Ask.Replace("\"chat\"", "\"gpt-name\"", StringComparison.Ordinal), upstream.Requests.Last().Text);

        gateway.Publish(GatewayHost.Migrating(source, target));
        using var moved = await gateway.PostToAsync("/v1/responses", Ask);

        Assert.DoesNotContain("gAAAA", Assert.Single(other.Requests).Text, StringComparison.Ordinal);
        Assert.Contains("messages.thinking: dropped", moved.Headers.GetValues("x-model-migrate-changes").Single(), StringComparison.Ordinal);
        var tagged = $"mm1.{name[..3]}@{provider}.gBBBB";
        Assert.Contains(tagged, await moved.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var kept = await gateway.PostToAsync("/v1/responses", Ask.Replace("gAAAA", tagged, StringComparison.Ordinal));
        Assert.Contains("\"encrypted_content\":\"gBBBB\"", other.Requests.Last().Text, StringComparison.Ordinal);

        gateway.Publish(GatewayHost.Migrating(source, target, weightPpm: 0));
        using var back = await gateway.PostToAsync("/v1/responses", Ask.Replace("gAAAA", tagged, StringComparison.Ordinal));
        Assert.DoesNotContain("gBBBB", upstream.Requests.Last().Text, StringComparison.Ordinal);
        using var own = await gateway.PostToAsync("/v1/responses", Ask);
        Assert.Contains("\"encrypted_content\":\"gAAAA\"", upstream.Requests.Last().Text, StringComparison.Ordinal);
    }

    /// <summary>What translation has no word for cannot be cleaned of reasoning either: the model that made it answers.</summary>
    [Fact]
    public async Task Migrating_EncryptedReasoningBesideAProvidersTool_StaysOnTheSource()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(s_samples.Whole));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(s_samples.Whole));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("gpt", upstream) with { InResponses = true }, GatewayHost.Model("glm", other) with { InResponses = true }));

        using var response = await gateway.PostToAsync("/v1/responses", """
            {"model":"chat","tools":[{"type":"web_search"}],"input":[{"role":"user","content":"A"},{"type":"reasoning","summary":[],"encrypted_content":"gAAAA"},{"role":"user","content":"B"}]}
            """);

        Assert.Empty(other.Requests);
        Assert.Contains("gAAAA", Assert.Single(upstream.Requests).Text, StringComparison.Ordinal);
    }

    /// <summary>No tag of ours, and no signature that a message would not bring the model, reaches the count; nor does what a count refuses.</summary>
    [Theory]
    [InlineData("claude", "mm1.claude.SIG==", true)]
    [InlineData("claude", "mm1.glm.SIG==", false)]
    [InlineData("glm", "mm1.claude.SIG==", false)]
    public async Task CountTokens_TaggedState_IsWrittenAsAMessageWouldBe(string model, string signature, bool isKept)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"input_tokens":14}"""));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model(model, upstream, ProviderKind.Anthropic)));

        using var response = await gateway.PostToAsync("/v1/messages/count_tokens", $$$"""
            {"model":"chat","system":"S","messages":[{"role":"user","content":"A"},{"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"{{{signature}}}"},
            {"type":"text","text":"B"}]},{"role":"user","content":"C"}]}
            """);

        Assert.Equal("""{"input_tokens":14}""", await response.Content.ReadAsStringAsync());
        var sent = Assert.Single(upstream.Requests);
        Assert.Equal("/v1/messages/count_tokens", sent.Path);
        Assert.DoesNotContain("mm1.", sent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("max_tokens", sent.Text, StringComparison.Ordinal);
        Assert.Equal(isKept, sent.Text.Contains("\"signature\":\"SIG==\"", StringComparison.Ordinal));
    }

    /// <summary>With the migration done the source of the route is of another protocol, and clients still hold the old signatures.</summary>
    [Fact]
    public async Task Migrated_SignaturesFromBefore_ReachNoOtherFamily()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(Gemini));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("gemini", upstream, ProviderKind.Gemini)));

        using var response = await gateway.PostToAsync("/v1/messages", Second);

        Assert.DoesNotContain("SIG==", Assert.Single(upstream.Requests).Text, StringComparison.Ordinal);
    }
}
