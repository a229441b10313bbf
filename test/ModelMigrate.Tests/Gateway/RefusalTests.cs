using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>Refusals reach the judge as the check of that name, when a gate asks for it.</summary>
public sealed class RefusalTests
{
    private const ulong Bit = 4;

    [Theory]
    [InlineData("""{"content":"hi","refusal":null},"finish_reason":"stop""", false)]
    [InlineData("""{"content":"","refusal":""},"finish_reason":"stop""", false)]
    [InlineData("""{"content":null,"refusal":"I cannot."},"finish_reason":"stop""", true)]
    [InlineData("""{"content":"hi"},"finish_reason":"content_filter""", true)]
    public async Task Whole_Answer_TellsWhetherItRefuses(string message, bool refused)
    {
        var answer = $$"""{"id":"1","model":"m","choices":[{"index":0,"message":{{message}}"}]}""";
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        AssertChecked(refused, Assert.Single(await EndedAsync(upstream, ChatSamples.Plain, Bit)));
    }

    [Theory]
    [InlineData("""{"content":"hi"},"finish_reason":null""", "stop", false)]
    [InlineData("""{"refusal":"No"},"finish_reason":null""", "stop", true)]
    [InlineData("""{"content":"hi"},"finish_reason":null""", "content_filter", true)]
    public async Task Streamed_Answer_TellsWhetherItRefuses(string delta, string finish, bool refused)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(
            $$"""data: {"model":"m","choices":[{"index":0,"delta":{{delta}}}]}""" + "\n\n",
            $$"""data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"{{finish}}"}]}""" + "\n\n",
            "data: [DONE]\n\n"));
        AssertChecked(refused, Assert.Single(await EndedAsync(upstream, ChatSamples.Streamed, Bit)));
    }

    [Theory]
    [InlineData("end_turn", false)]
    [InlineData("refusal", true)]
    public async Task Translated_Answer_TellsWhetherItRefuses(string reason, bool refused)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer.Replace("end_turn", reason, StringComparison.Ordinal)));
        AssertChecked(refused, Assert.Single(await EndedAsync(upstream, ChatSamples.Plain, Bit, ProviderKind.Anthropic)));
    }

    [Fact]
    public async Task Answer_NoGateAsks_NothingChecked()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        Assert.Equal(0UL, Assert.Single(await EndedAsync(upstream, ChatSamples.Plain, bit: 0)).Checked);
    }

    [Fact]
    public async Task Failure_NoAnswer_NothingChecked()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"no"}}""", 400));
        Assert.Equal(0UL, Assert.Single(await EndedAsync(upstream, ChatSamples.Plain, Bit)).Checked);
    }

    private static void AssertChecked(bool refused, Observation ended) =>
        Assert.Equal((Outcome.Ok, Bit, refused ? Bit : 0), (ended.Outcome, ended.Checked, ended.FailedChecks));

    /// <summary>Signals in which the check for refusals has a bit, or none.</summary>
    private static CountedSignals SignalsOf(ulong bit) => bit == 0 ? CountedSignals.None : new CountedSignals { Checks = ["json", "length", Signal.Refusal] };

    private static async Task<List<Observation>> EndedAsync(StubUpstream upstream, string body, ulong bit, ProviderKind kind = ProviderKind.OpenAi)
    {
        var model = GatewayHost.Model("m", upstream, kind);
        var route = GatewayHost.Migrating(model, model);
        await using var gateway = await GatewayHost.StartAsync(route with { Split = route.Split! with { Signals = SignalsOf(bit) } });
        using var response = await gateway.PostAsync(body);
        await response.Content.ReadAsStringAsync();
        return [.. gateway.Ended()];
    }
}
