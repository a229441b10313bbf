using System.Net;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>
/// Faults that other gateways shipped, by their public reports, beyond those that the matrix holds: truncated text as a success
/// (Portkey 1797, litellm 6957, bifrost 5395), clients' cancels that never arrived (<see cref="ClientGoneTests"/>), sick models that a
/// reload forgot (<see cref="BreakerTests"/>).
/// </summary>
public sealed class ShippedFaultsTests
{
    /// <summary>One 429 in the middle of a stream kept a proxy's processor at 100 % (litellm 26015): the error is told once, and the provider let go.</summary>
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task ThrottledMidStream_Litellm26015_OneErrorEventAndNoFurtherCall(ProviderKind kind)
    {
        const string Throttled = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\",\"message\":\"slow down\"}}\n\n";
        await using var upstream = await StubUpstream.StartAsync(
            StubUpstream.EventsThenSilence(string.Concat([.. new FaultProtocol(kind).Text, Throttled])));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", upstream, kind), GatewayHost.Model("t", upstream, kind), weightPpm: 1));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        var text = await BrokenStream.ReadAsync(response);

        Assert.Equal(2, text.Split("\"error\":{").Length);
        Assert.Contains("rate_limit_error", text, StringComparison.Ordinal);
        await upstream.Requests.Single().Gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Outcome.Throttled, gateway.Ended().Single().Outcome);
    }

    /// <summary>Retries that stacked on retries (litellm 3646, Portkey 1404): an outage may cost a route's ratio of second tries and no more.</summary>
    [Fact]
    public async Task Outage_Litellm3646_SecondTriesStayWithinTheRatio()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        var model = GatewayHost.Model("m", upstream);
        model = model with { Provider = model.Provider with { Breaker = new BreakerLimits { Enabled = false } } };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(model, new RouteLimits { Retries = 10, RetryRatio = 0.1 }));

        for (var i = 0; i < 100; i++)
        {
            var pending = gateway.PostAsync(ChatSamples.Plain);
            while (!pending.IsCompleted)
            {
                if (gateway.Clock.NextDelay is { } due)
                {
                    gateway.Clock.Advance(due - gateway.Clock.GetUtcNow());
                }

                await Task.Yield();
            }

            (await pending).Dispose();
        }

        Assert.InRange(upstream.Requests.Count, 100 + 20 + 9, 100 + 20 + 10);
    }

    /// <summary>A model that two rules of a route name is asked once: its second turn would be a retry by another name.</summary>
    [Fact]
    public async Task LargerModel_AlsoAFallback_IsNotAskedAgain()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var small = await StubUpstream.StartAsync(protocol.TooLong);
        await using var large = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var last = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        var larger = GatewayHost.Model("l", large);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", small), new RouteLimits { Retries = 5, RetryRatio = 0 }, GatewayHost.Model("f", last), larger) with { LargerContext = larger });

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal((1, 1, 1), (small.Requests.Count, large.Requests.Count, last.Requests.Count));
    }

    /// <summary>25 failures in a row stayed in rotation (litellm PR 34836).</summary>
    [Fact]
    public async Task FailuresInARow_Litellm34836_OutOfRotationAfterFive()
    {
        await using var dead = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", dead), new RouteLimits { RetryRatio = 0 }, GatewayHost.Model("f", other)));

        for (var i = 0; i < 25; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(5, dead.Requests.Count);
    }

    /// <summary>A route that wants no second call gets none, fallbacks or not (litellm 19077, 38610).</summary>
    [Fact]
    public async Task NoRetries_Litellm19077_NeitherTriedAgainNorRoutedElsewhere()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(
            GatewayHost.Model("m", upstream), new RouteLimits { Retries = 0 }, GatewayHost.Model("f", upstream)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Single(upstream.Requests);
    }

    /// <summary>A refusal that was answered by another model behind the application's back, as all gateways of one comparison did (FailoverBench S13).</summary>
    [Fact]
    public async Task ContentFilter_FailoverBenchS13_NotRoutedAround()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var upstream = await StubUpstream.StartAsync(protocol.Forbidden);
        await using var other = await StubUpstream.StartAsync(protocol.Ok(stream: false));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream), limits: null, GatewayHost.Model("f", other)));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Your request was rejected.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    /// <summary>Usage that a stream reports with every event was added up (litellm 36168, four times the cost): the last one holds.</summary>
    [Fact]
    public async Task UsageInEveryEvent_Litellm36168_CountedOnce()
    {
        var chunk = ChatSamples.Chunks[1].Replace("]}\n\n", "],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1,\"total_tokens\":8}}\n\n", StringComparison.Ordinal);
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Events(string.Concat([chunk, chunk, chunk, .. ChatSamples.Chunks[3..]])));
        var model = GatewayHost.Model("t", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        await response.Content.ReadAsStringAsync();

        var ended = gateway.Ended().Single();
        Assert.Equal((7, 3), (ended.InputTokens, ended.OutputTokens));
    }
}
