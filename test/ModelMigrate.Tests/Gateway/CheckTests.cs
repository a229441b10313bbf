using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Checks.Schemas;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Gateway.Tracing;
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

    /// <summary>The text of the first choice is what is checked, in whatever order a stream brings the choices.</summary>
    [Theory]
    [InlineData("""{"id":"1","model":"m","choices":[{"index":0,"text":"{\"a\":1}","finish_reason":"stop"},{"index":1,"text":"neither JSON nor short","finish_reason":"stop"}]}""", 0)]
    [InlineData("""{"id":"1","model":"m","choices":[{"index":1,"text":"{}","finish_reason":"stop"},{"index":0,"text":"hi","finish_reason":"stop"}]}""", Json)]
    public async Task Completion_Answer_IsChecked(string answer, ulong failed)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(answer));
        var ended = Assert.Single(await EndedAsync(upstream, """{"model":"chat","prompt":"a","n":2}""", path: "/v1/completions"));
        Assert.Equal((Outcome.Ok, Json | Length, failed), (ended.Outcome, ended.Checked, ended.FailedChecks));
    }

    [Fact]
    public async Task Completion_Streamed_IsCheckedAsOneText()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(
            """data: {"id":"1","model":"m","choices":[{"index":0,"text":"{\"a\":","finish_reason":null}]}""" + "\n\n",
            """data: {"id":"1","model":"m","choices":[{"index":1,"text":"x","finish_reason":"stop"}]}""" + "\n\n",
            """data: {"id":"1","model":"m","choices":[{"index":0,"text":"1}","finish_reason":"stop"}]}""" + "\n\n",
            """data: {"id":"1","model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""" + "\n\n",
            "data: [DONE]\n\n"));
        var ended = Assert.Single(await EndedAsync(upstream, """{"model":"chat","prompt":"a","n":2,"stream":true}""", path: "/v1/completions"));
        Assert.Equal((Outcome.Ok, Json | Length, 0UL), (ended.Outcome, ended.Checked, ended.FailedChecks));
    }

    [Fact]
    public async Task Schema_Broken_TheTraceSaysWhereAndNotWhat()
    {
        using var schema = JsonDocument.Parse("""{"type":"object","required":["name","age"],"properties":{"age":{"type":"integer"}},"additionalProperties":{"type":"string"}}""");
        var check = new JsonCheck("shape", JsonSchema.TryRead(schema.RootElement, new SchemaOptions(), out _));
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer.Replace("Hi there", """{\"age\":\"secret\",\"whispered\":7}""", StringComparison.Ordinal)));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Checks = [check, new LengthCheck("length", 0, 3)] });
        using var spans = HeardSpans.Of(gateway);

        using var response = await gateway.PostAsync(ChatSamples.Plain);
        var (request, attempts) = await spans.OneAsync();

        Assert.Equal(["shape", "length"], Assert.IsType<string[]>(request.GetTagItem("model_migrate.checks.failed")));
        var told = Assert.Single(Assert.IsType<string[]>(request.GetTagItem("model_migrate.checks.faults")));
        Assert.StartsWith("shape: #", told, StringComparison.Ordinal);
        Assert.Equal(["# required", "#/* type", "#/age type"], told["shape: ".Length..].Split(", ").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(attempts.Append(request).SelectMany(span => span.TagObjects), tag => HeardSpans.Text(request, tag.Key).Contains("whispered", StringComparison.Ordinal));
    }

    private static Task<List<Observation>> EndedAsync(StubUpstream upstream, string body, ProviderKind kind = ProviderKind.OpenAi, string path = "/v1/chat/completions")
    {
        var model = GatewayHost.Model("m", upstream, kind);
        return EndedAsync(GatewayHost.Migrating(model, model), body, path);
    }

    private static async Task<List<Observation>> EndedAsync(RouteSnapshot route, string body, string path = "/v1/chat/completions")
    {
        await using var gateway = await GatewayHost.StartAsync(route with { Checks = s_checks, Split = route.Split! with { Signals = s_signals } });
        using var response = await gateway.PostToAsync(path, body);
        await response.Content.ReadAsStringAsync();
        return [.. gateway.Ended()];
    }
}
