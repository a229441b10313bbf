using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

public sealed class RescueTests
{
    private static readonly RouteLimits Limits = new() { FirstToken = TimeSpan.FromSeconds(5), Whole = TimeSpan.FromSeconds(5), Idle = TimeSpan.FromSeconds(5) };

    public static TheoryData<string, bool, Outcome> FailuresBeforeCommit() => new()
    {
        { "500", false, Outcome.Error }, { "503", true, Outcome.Error }, { "429", false, Outcome.Throttled }, { "408", false, Outcome.Timeout },
        { "401", false, Outcome.Error }, { "404", true, Outcome.Error }, { "truncated body", false, Outcome.Error },
        { "not json", false, Outcome.Error }, { "not a completion", false, Outcome.Error }, { "error in a 200", false, Outcome.Error },
        { "event not json", true, Outcome.Error }, { "no event stream", true, Outcome.Error }, { "cut before content", true, Outcome.Error },
        { "end before content", true, Outcome.Error }, { "error event", true, Outcome.Error }, { "refused connection", false, Outcome.Error },
        { "refused connection", true, Outcome.Error }, { "headers then reset", true, Outcome.Error },
    };

    [Theory]
    [MemberData(nameof(FailuresBeforeCommit))]
    public async Task TargetFails_BeforeCommit_SourceAnswersAndTargetIsCharged(string failure, bool stream, Outcome outcome)
    {
        await using var source = await StubUpstream.StartAsync(stream ? StubUpstream.Events(ChatSamples.Chunks) : StubUpstream.Json(ChatSamples.Answer));
        var target = await StubUpstream.StartAsync(FailureOf(failure));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target), Limits));
        if (failure == "refused connection")
        {
            await target.DisposeAsync();
        }

        using var response = await gateway.PostAsync(stream ? ChatSamples.Streamed : ChatSamples.Plain);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Hi", text, StringComparison.Ordinal);
        Assert.Equal("s", response.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Equal("target", response.Headers.GetValues("x-model-migrate-arm").Single());
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((outcome, true, false), (ended.Outcome, ended.Rescued, ended.UserError));
        Assert.Equal("s-name", ModelOf(Assert.Single(source.Requests)));
        await target.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TargetSilent_FirstTokenLimitPasses_SourceAnswers(bool stream)
    {
        await using var source = await StubUpstream.StartAsync(stream ? StubUpstream.Events(ChatSamples.Chunks) : StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target), Limits));

        var pending = gateway.PostAsync(stream ? ChatSamples.Streamed : ChatSamples.Plain);
        await Waiting.ForAsync(target);
        gateway.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(pending.IsCompleted);
        gateway.Clock.Advance(TimeSpan.FromSeconds(0.2));
        using var response = await pending;

        Assert.Contains("Hi", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Timeout, true), (ended.Outcome, ended.Rescued));
        Assert.InRange(ended.Latency.TotalSeconds, 5, 5.2);
    }

    [Fact]
    public async Task BothFail_UserSeesTheSourcesError()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"down","type":"server_error"}}""", 500));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source), GatewayHost.Model("t", target), Limits with { Retries = 1 }));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("""{"error":{"message":"down","type":"server_error"}}""", await response.Content.ReadAsStringAsync());
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Error, false, true), (ended.Outcome, ended.Rescued, ended.UserError));
        Assert.Equal((1, 1), (target.Requests.Count, source.Requests.Count));
    }

    [Fact]
    public async Task TargetRefusesTheRequest_ClientsMistake_NoRescueAndNobodyCharged()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"bad","type":"invalid_request_error"}}""", 400));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(source.Requests);
        Assert.Equal((Outcome.ClientError, false), (gateway.Ended().Single().Outcome, false));
    }

    [Fact]
    public async Task Breaker_TenRescuesInARow_TargetSkippedUntilAProbeSucceeds()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        for (var i = 0; i < 40; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(10, target.Requests.Count);
        Assert.Equal(30, gateway.Ended().Count(e => e is { Outcome: Outcome.Skipped, Rescued: true }));

        target.Answers = StubUpstream.Json(ChatSamples.Answer);
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
        }

        Assert.Equal(13, target.Requests.Count);
        Assert.All(gateway.Ended(), e => Assert.Equal(Outcome.Ok, e.Outcome));
    }

    [Fact]
    public async Task Breaker_BothFail_NeverOpens()
    {
        await using var both = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", both), GatewayHost.Model("t", both), Limits with { Retries = 1 }));

        for (var i = 0; i < 15; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        }

        Assert.All(gateway.Ended(), e => Assert.Equal(Outcome.Error, e.Outcome));
        Assert.Equal(15, both.Requests.Count(r => ModelOf(r) == "t-name"));
    }

    [Fact]
    public async Task Rescues_SourceWithoutTraffic_CappedAtTheBurst()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var target = await StubUpstream.StartAsync();
        var calls = 0;
        target.Answers = (context, received) =>
            Interlocked.Increment(ref calls) % 5 == 0 ? StubUpstream.Json(ChatSamples.Answer)(context, received) : StubUpstream.Json("{}", 500)(context, received);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source), GatewayHost.Model("t", target), Limits));

        for (var i = 0; i < 50; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
        }

        var ended = gateway.Ended();
        Assert.Equal((20, 20, 10), (ended.Count(e => e.Rescued), ended.Count(e => e.UserError), ended.Count(e => e.Outcome == Outcome.Ok)));
    }

    [Fact]
    public async Task RetryAfter_OnlyModelOfTheRoute_WaitedForAndRetried()
    {
        await using var upstream = await StubUpstream.StartAsync();
        upstream.Answers = (context, received) => upstream.Requests.Count == 1
            ? StubUpstream.Json("{}", 429, ("Retry-After", "7"))(context, received)
            : StubUpstream.Json(ChatSamples.Answer)(context, received);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", upstream), GatewayHost.Model("t", upstream), weightPpm: 1));
        var asked = gateway.Clock.GetUtcNow() + TimeSpan.FromSeconds(7);

        var pending = gateway.PostAsync(ChatSamples.Plain);
        while (gateway.Clock.NextTimer != asked)
        {
            await Task.Yield();
        }

        gateway.Clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(upstream.Requests);
        gateway.Clock.Advance(TimeSpan.FromSeconds(0.1));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, upstream.Requests.Count);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Throttled, false, false), (ended.Outcome, ended.Rescued, ended.UserError));
    }

    /// <summary>OpenAI and Azure say it in milliseconds, too; those are the truth and the seconds are rounded.</summary>
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task RetryAfterMs_BesideSeconds_IsWhatIsWaitedFor(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync();
        upstream.Answers = (context, received) => upstream.Requests.Count == 1
            ? StubUpstream.Json("{}", 429, ("retry-after-ms", "6250"), ("Retry-After", "7"))(context, received)
            : StubUpstream.Json(kind == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer)(context, received);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));
        var began = gateway.Clock.GetUtcNow();

        var pending = gateway.PostAsync(ChatSamples.Plain);
        await Waiting.UntilAsync(() => gateway.Clock.NextDelay is not null || pending.IsCompleted);
        Assert.Equal(TimeSpan.FromMilliseconds(6250), gateway.Clock.NextDelay - began);
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(6250));
        using var response = await pending;

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, upstream.Requests.Count));
    }

    [Fact]
    public async Task RetryAfter_BeyondTheDeadline_AnsweredAtOnce()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}", 429, ("Retry-After", "700")));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("700", response.Headers.GetValues("Retry-After").Single());
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Fallback_SilentModel_NotAskedTwice()
    {
        await using var silent = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(
            GatewayHost.Model("m", silent), Limits, GatewayHost.Model("f", other)));

        var pending = gateway.PostAsync(ChatSamples.Plain);
        await Waiting.ForAsync(silent);
        gateway.Clock.Advance(TimeSpan.FromSeconds(5.1));
        using var response = await pending;

        Assert.Equal("f", response.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Single(silent.Requests);
    }

    [Fact]
    public async Task Fallback_UnprovenTarget_NeverUsed()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var target = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var unproven = GatewayHost.Model("t", target);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", source), unproven, Limits with { Retries = 0 }, weightPpm: 0) with { Fallback = [unproven] });

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task Total_Deadline_OneOverAllAttempts()
    {
        await using var silent = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", silent), GatewayHost.Model("t", silent), Limits with { Total = TimeSpan.FromSeconds(8) }));

        var pending = gateway.PostAsync(ChatSamples.Plain);
        await Waiting.ForAsync(silent);
        gateway.Clock.Advance(TimeSpan.FromSeconds(5.1));
        await Waiting.ForAsync(silent, requests: 2);
        gateway.Clock.Advance(TimeSpan.FromSeconds(3));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("limit of 8 s", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, silent.Requests.Count);
    }

    private static StubUpstream.Answer FailureOf(string failure) => failure switch
    {
        "truncated body" => async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync(ChatSamples.Answer[..50]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        },
        "not json" => StubUpstream.Json("<html>"),
        "not a completion" => StubUpstream.Json("""{"choices":[]}"""),
        "error in a 200" => StubUpstream.Json("""{"error":{"message":"x"},"choices":[{"message":{}}]}"""),
        "event not json" => StubUpstream.Events(ChatSamples.Chunks[0], "data: {\"choices\":[{\n\n"),
        "no event stream" => StubUpstream.Json(ChatSamples.Answer),
        "cut before content" => StubUpstream.EventsThenCut(ChatSamples.Chunks[0]),
        "end before content" => StubUpstream.Events("data: [DONE]\n\n"),
        "error event" => StubUpstream.Events(ChatSamples.Chunks[0], "data: {\"error\":{\"message\":\"overloaded\"}}\n\n"),
        "refused connection" => StubUpstream.Json("{}"),
        "headers then reset" => StubUpstream.EventsThenCut(": hello\n\n"),
        _ => StubUpstream.Json("{}", int.Parse(failure, CultureInfo.InvariantCulture)),
    };

    private static string ModelOf(StubUpstream.Received received) =>
        received.Text.Contains("\"t-name\"", StringComparison.Ordinal) ? "t-name" : "s-name";
}
