using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>The checks of a route look at what its clients got, whatever way it came, and reach the judge as bits of the arm that answered.</summary>
public sealed class CheckTests
{
    private const ulong Json = 1, Length = 2;

    private static readonly AnswerCheck[] s_checks = [new JsonCheck("json", Schema: null), new LengthCheck("length", 0, 12), new RefusalCheck("unasked")];
    private static readonly CountedSignals s_signals = new() { Checks = ["json", "length"] };

    [Theory]
    [InlineData("""{\"a\":1}""", 0)]
    [InlineData("hi", Json)]
    [InlineData("""{\"a\":\"long enough\"}""", Length)]
    [InlineData("neither JSON nor short", Json | Length)]
    public async Task Whole_Answer_IsChecked(string text, ulong failed)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer.Replace("Hi there", text, StringComparison.Ordinal)));
        var ended = Assert.Single(await EndedAsync(upstream, ChatSamples.Plain));
        Assert.Equal((Outcome.Ok, Json | Length, failed), (ended.Outcome, ended.Checked, ended.FailedChecks));
    }

    [Fact]
    public async Task Streamed_Answer_IsCheckedAsOneText()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(
            """data: {"model":"m","choices":[{"index":0,"delta":{"content":"{\"a\":"}}]}""" + "\n\n",
            """data: {"model":"m","choices":[{"index":0,"delta":{"content":"1}"}}]}""" + "\n\n",
            """data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n",
            "data: [DONE]\n\n"));
        var ended = Assert.Single(await EndedAsync(upstream, ChatSamples.Streamed));
        Assert.Equal((Json | Length, 0UL), (ended.Checked, ended.FailedChecks));
    }

    [Fact]
    public async Task Translated_Answer_IsChecked()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.AnthropicAnswer));
        var ended = Assert.Single(await EndedAsync(upstream, ChatSamples.Plain, ProviderKind.Anthropic));
        Assert.Equal((Json | Length, Json), (ended.Checked, ended.FailedChecks));
    }

    [Fact]
    public async Task Refusal_IsNoJsonThatFailed()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(
            """{"id":"1","model":"m","choices":[{"index":0,"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"""));
        Assert.Equal(0UL, Assert.Single(await EndedAsync(upstream, ChatSamples.Plain)).Checked);
    }

    [Fact]
    public async Task Failure_IsNotChecked()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"no"}}""", 400));
        Assert.Equal(0UL, Assert.Single(await EndedAsync(upstream, ChatSamples.Plain)).Checked);
    }

    [Fact]
    public async Task Rescue_TheOtherModelsAnswer_IsNotChargedToTheArm()
    {
        await using var broken = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"down"}}""", 500));
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Migrating(GatewayHost.Model("source", source), GatewayHost.Model("target", broken));
        var ended = Assert.Single(await EndedAsync(route, ChatSamples.Plain));
        Assert.Equal((Outcome.Error, true, 0UL), (ended.Outcome, ended.Rescued, ended.Checked));
    }

    private static Task<List<Observation>> EndedAsync(StubUpstream upstream, string body, ProviderKind kind = ProviderKind.OpenAi)
    {
        var model = GatewayHost.Model("m", upstream, kind);
        return EndedAsync(GatewayHost.Migrating(model, model), body);
    }

    private static async Task<List<Observation>> EndedAsync(RouteSnapshot route, string body)
    {
        await using var gateway = await GatewayHost.StartAsync(route with { Checks = s_checks, Split = route.Split! with { Signals = s_signals } });
        using var response = await gateway.PostAsync(body);
        await response.Content.ReadAsStringAsync();
        return [.. gateway.Ended()];
    }
}
