using System.Net;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Breakers;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>Every model has a breaker, whatever route or role it is called in.</summary>
public sealed class BreakerTests
{
    private static readonly RouteLimits NoRetries = new() { Retries = 1, RetryRatio = 0 };

    [Fact]
    public async Task Outage_TwentyRequests_AllServedAndThePrimaryIsBackWithinThirtySeconds()
    {
        await using var primary = await StubUpstream.StartAsync(StubUpstream.Json("{}", 503));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(
            GatewayHost.Model("m", primary), new RouteLimits { RetryRatio = 0 }, GatewayHost.Model("f", other)));

        // Ten over the outage, one each second; ten from its end on, one every three seconds.
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("f", await AskAsync(gateway));
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Five calls opened it; one of the later requests probed it.
        Assert.Equal(6, primary.Requests.Count);
        primary.Answers = StubUpstream.Json(ChatSamples.Answer);
        var answered = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            answered.Add(await AskAsync(gateway));
            gateway.Clock.Advance(TimeSpan.FromSeconds(3));
        }

        var back = answered.IndexOf("m");
        Assert.InRange(back * 3, 0, 29);
        Assert.All(answered.Skip(back), model => Assert.Equal("m", model));
    }

    [Fact]
    public async Task OpenBreaker_SkipsItsModelOnEveryRoute_AndAsAFallback()
    {
        await using var dead = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var alive = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var (m, f, g) = (GatewayHost.Model("m", dead), GatewayHost.Model("f", dead), GatewayHost.Model("g", alive));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(m, new RouteLimits { RetryRatio = 0 }, f, g),
            GatewayHost.Route(f, new RouteLimits { RetryRatio = 0 }, g) with { Id = new RouteId("other") });

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("g", await AskAsync(gateway));
        }

        Assert.Equal(10, dead.Requests.Count);
        Assert.Equal("g", await AskAsync(gateway));
        Assert.Equal("g", await AskAsync(gateway, "other"));
        Assert.Equal(10, dead.Requests.Count);
    }

    [Fact]
    public async Task OpenBreaker_NobodyElseLeft_AskedAllTheSameAndOnce()
    {
        await using var only = await StubUpstream.StartAsync(StubUpstream.Json("{}", 503));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", only), NoRetries));
        for (var i = 0; i < 8; i++)
        {
            using var refused = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        Assert.Equal(8, only.Requests.Count);
        Assert.Equal(BreakerState.Open, StateOf(gateway, "m"));
        only.Answers = StubUpstream.Json(ChatSamples.Answer);
        Assert.Equal("m", await AskAsync(gateway));
        Assert.Equal(BreakerState.Closed, StateOf(gateway, "m"));
    }

    [Fact]
    public async Task OpenBreaker_OfTheSource_ArmIsChargedAsSkipped()
    {
        await using var dead = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", dead), GatewayHost.Model("t", other), NoRetries, weightPpm: 1) with { Fallback = [GatewayHost.Model("f", other)] });

        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("f", await AskAsync(gateway));
        }

        Assert.Equal(5, dead.Requests.Count);
        var ended = gateway.Ended();
        Assert.Equal((5, 3), (ended.Count(e => e.Outcome == Outcome.Error), ended.Count(e => e.Outcome == Outcome.Skipped)));
        Assert.All(ended, e => Assert.True(e.Rescued));
        Assert.DoesNotContain(other.Requests, r => r.Text.Contains("t-name", StringComparison.Ordinal));
    }

    /// <summary>A gateway that forgot who is sick with every reload: jwbron/egg 2987.</summary>
    [Fact]
    public async Task Reload_WhileOpen_StaysOpen()
    {
        await using var dead = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(Route());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("f", await AskAsync(gateway));
        }

        // The same models in a new snapshot, with another price.
        var route = Route();
        gateway.Publish(route with { Model = route.Model with { InputCostPer1K = 7 } });
        Assert.Equal("f", await AskAsync(gateway));
        Assert.Equal(5, dead.Requests.Count);

        // Another address is another model.
        gateway.Publish(route with { Model = route.Model with { Fingerprint = "moved" } });
        Assert.Equal("f", await AskAsync(gateway));
        Assert.Equal(6, dead.Requests.Count);

        RouteSnapshot Route() => GatewayHost.Route(GatewayHost.Model("m", dead), NoRetries, GatewayHost.Model("f", other));
    }

    [Fact]
    public async Task Disabled_DeadModel_IsAskedFirstForEver()
    {
        await using var dead = await StubUpstream.StartAsync(StubUpstream.Json("{}", 500));
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var m = GatewayHost.Model("m", dead);
        m = m with { Provider = m.Provider with { Breaker = new BreakerLimits { Enabled = false } } };
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(m, NoRetries, GatewayHost.Model("f", other)));

        for (var i = 0; i < 9; i++)
        {
            Assert.Equal("f", await AskAsync(gateway));
        }

        Assert.Equal(9, dead.Requests.Count);
    }

    [Fact]
    public async Task ClientMistakes_TwentyInARow_BreakerStaysClosed()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("""{"error":{"message":"bad","type":"invalid_request_error"}}""", 400));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream)));
        for (var i = 0; i < 20; i++)
        {
            using var refused = await gateway.PostAsync(ChatSamples.Plain);
        }

        Assert.Equal(BreakerState.Closed, StateOf(gateway, "m"));
    }

    private static BreakerState StateOf(GatewayHost gateway, string model)
    {
        var runner = (ExchangeRunner)gateway.Services.GetService(typeof(ExchangeRunner))!;
        return runner.BreakerOf(gateway.Feed.Current.Routes.Values.SelectMany(route => route.Models).First(m => m.Id.Value == model)).State;
    }

    private static async Task<string> AskAsync(GatewayHost gateway, string route = "chat")
    {
        using var response = await gateway.PostAsync(ChatSamples.Plain.Replace("\"chat\"", $"\"{route}\"", StringComparison.Ordinal));
        Assert.Contains("Hi there", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        return response.Headers.GetValues("x-model-migrate-model").Single();
    }
}
