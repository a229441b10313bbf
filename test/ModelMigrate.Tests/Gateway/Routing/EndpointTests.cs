using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Checks;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Routing;

/// <summary>A model that several servers serve: which of them real requests meet.</summary>
public sealed class EndpointTests
{
    private const string Images =
        """{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aa"}}]}]}""";

    [Fact]
    public async Task RoundRobin_EachInTurn()
    {
        await using var servers = await EndpointServers.StartAsync(3);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.RoundRobin);

        var met = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            met.Add(await MeetAsync(gateway));
        }

        Assert.Equal(["e0-provider", "e1-provider", "e2-provider", "e0-provider", "e1-provider", "e2-provider"], met);
    }

    [Fact]
    public async Task Random_AllAreMet()
    {
        await using var servers = await EndpointServers.StartAsync(3);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.Random);
        var met = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            met.Add(await MeetAsync(gateway));
        }

        Assert.All(Enumerable.Range(0, 3), i => Assert.InRange(met.Count(name => name == $"e{i}-provider"), 6, 40));
    }

    [Fact]
    public async Task LeastLoaded_CountsDownAgain_OnFailureCancelAndCut()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.LeastLoaded, new RouteLimits { Retries = 0 });
        servers[0].Answers = servers[1].Answers = StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]);

        // Two streams hang, one on each; a third goes beside one of them.
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 3; i++)
        {
            streams.Add(await gateway.PostAsync(ChatSamples.Streamed));
        }

        Assert.Equal([1, 2], servers.Counts.Order());
        var busy = servers.Counts[0] == 2 ? 0 : 1;

        // One is left by its client, one breaks, one fails before it begins: each counts down.
        streams[0].Dispose();
        await servers.Received[0].First().Gone.Task;
        servers.Received[1].First().Cut.TrySetResult();
        await BrokenStream.ReadAsync(streams[1]);
        servers[0].Answers = servers[1].Answers = StubUpstream.Json("""{"error":{"message":"down"}}""", 500);
        for (var i = 0; i < 2; i++)
        {
            using var failed = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        }

        // Only the third stream still runs: everything goes beside it.
        await Waiting.UntilAsync(() => gateway.Services.GetRequiredService<ExchangeRunner>().TrafficOf(new RouteId("chat")).InFlight == 1);
        var before = servers.Counts;
        servers[0].Answers = servers[1].Answers = StubUpstream.Json(ChatSamples.Answer);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal($"e{1 - busy}-provider", await MeetAsync(gateway));
        }

        streams[2].Dispose();
        Assert.Equal(before[1 - busy] + 4, servers.Counts[1 - busy]);
    }

    [Theory]
    [InlineData(EndpointStrategy.CostOptimized)]
    [InlineData(EndpointStrategy.Balanced)]
    public async Task CostOptimized_Measured_TheCheaper(EndpointStrategy strategy)
    {
        await using var servers = await EndpointServers.StartAsync(2);
        await using var gateway = await servers.GatewayAsync(strategy, edit: (endpoint, i) => endpoint with { InputCostPer1K = i == 0 ? 3 : 1, OutputCostPer1K = i == 0 ? 3 : 1 });
        Assert.All(await LearnAndMeetAsync(gateway, servers), name => Assert.Equal("e1-provider", name));
    }

    [Fact]
    public async Task CostOptimized_SamePriceButLongerAnswers_TheShorter()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        servers[0].Answers = StubUpstream.Json(ChatSamples.Answer.Replace("\"completion_tokens\":3", "\"completion_tokens\":300", StringComparison.Ordinal));
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.CostOptimized);
        Assert.All(await LearnAndMeetAsync(gateway, servers), name => Assert.Equal("e1-provider", name));
    }

    [Fact]
    public async Task QualityFirst_Measured_TheOneWhoseAnswersPass()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        servers[0].Answers = StubUpstream.Json(ChatSamples.Answer.Replace("Hi there", "Sorry", StringComparison.Ordinal));
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.QualityFirst, checks: [new ContainsCheck("hi", ["Hi"], false, false)]);
        Assert.All(await LearnAndMeetAsync(gateway, servers), name => Assert.Equal("e1-provider", name));
    }

    [Fact]
    public async Task ReliabilityFirst_Measured_TheOneThatFailsLess()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        var answered = 0;
        servers[0].Answers = (context, received) =>
            StubUpstream.Json(ChatSamples.Answer, Interlocked.Increment(ref answered) % 3 == 0 ? 500 : 200)(context, received);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.ReliabilityFirst);
        Assert.All(await LearnAndMeetAsync(gateway, servers), name => Assert.Equal("e1-provider", name));
    }

    [Fact]
    public async Task SpeedPriority_Measured_TheFaster()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.SpeedPriority);
        foreach (var (i, wait) in new[] { (0, 300), (1, 100) })
        {
            servers[i].Answers = (context, received) =>
            {
                gateway.Clock.Advance(TimeSpan.FromMilliseconds(wait));
                return StubUpstream.Json(ChatSamples.Answer)(context, received);
            };
        }

        Assert.All(await LearnAndMeetAsync(gateway, servers), name => Assert.Equal("e1-provider", name));
    }

    [Fact]
    public async Task CapabilityMatch_PlainRequest_TheOneThatCanNoMoreThanNeeded()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.CapabilityMatch, edit: (endpoint, i) => endpoint with { Capabilities = i == 0 ? ["images", "tools"] : ["tools"] });

        Assert.Equal("e1-provider", await MeetAsync(gateway));
        Assert.Equal("e0-provider", await MeetAsync(gateway, Images));
    }

    /// <summary>Every place in which a client's protocol shows a picture: the path, and the request.</summary>
    public static TheoryData<string, string> Shown => new()
    {
        { "/v1/chat/completions", Images },
        {
            "/v1/messages",
            """{"model":"chat","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aa"}}]}]}"""
        },
        {
            "/v1/messages",
            """{"model":"chat","max_tokens":9,"messages":[{"role":"user","content":"A"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aa"}}]}]}]}"""
        },
        {
            "/v1/responses",
            """{"model":"chat","input":[{"role":"user","content":[{"type":"input_text","text":"What?"},{"type":"input_image","image_url":"data:image/png;base64,aa"}]}]}"""
        },
        {
            "/v1/responses",
            """{"model":"chat","input":[{"role":"user","content":"A"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"data:image/png;base64,aa"}]}]}"""
        },
    };

    [Theory]
    [InlineData(EndpointStrategy.RoundRobin)]
    [InlineData(EndpointStrategy.Random)]
    [InlineData(EndpointStrategy.LeastLoaded)]
    public async Task Images_GoOnlyWhereTheyAreSeen(EndpointStrategy strategy)
    {
        await using var servers = await EndpointServers.StartAsync(3);
        await using var gateway = await servers.GatewayAsync(strategy, edit: (endpoint, i) => endpoint with { Capabilities = i == 1 ? ["vision"] : [] });
        foreach (var (path, body) in Shown.Select(row => ((string)row[0], (string)row[1])))
        {
            for (var i = 0; i < 6; i++)
            {
                Assert.Equal("e1-provider", await MeetAsync(gateway, path, body));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task Images_TargetThatSeesNone_SourceAnswersUncounted(string path, string shown)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Migrating(GatewayHost.Model("s", upstream) with { Capabilities = ["images"] }, GatewayHost.Model("t", upstream));
        await using var gateway = await GatewayHost.StartAsync(route);

        using var seen = await gateway.PostToAsync(path, shown);
        using var plain = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(("s", "images"), (Header(seen, "model"), Header(seen, "untranslatable")));
        Assert.Equal("t", Header(plain, "model"));
        Assert.Single(gateway.Ended());
    }

    /// <summary>A screen is shown to the model that asked for it, in the protocol that has such tools alone.</summary>
    [Fact]
    public async Task Images_ScreenOfAComputer_GoesOnlyWhereItIsSeen()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        await using var gateway = await servers.GatewayAsync(
            EndpointStrategy.RoundRobin, edit: (endpoint, i) => endpoint with { Provider = endpoint.Provider with { Responses = true }, Capabilities = i == 1 ? ["images"] : [] });
        servers[0].Answers = servers[1].Answers = StubUpstream.Json("""{"id":"resp_1","object":"response","status":"completed","model":"m","output":[],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}""");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("e1-provider", await MeetAsync(
                gateway, "/v1/responses",
                """{"model":"chat","input":[{"type":"computer_call_output","call_id":"c","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,aa"}}]}"""));
        }
    }

    /// <summary>A rule on pictures finds them in each protocol.</summary>
    [Theory]
    [MemberData(nameof(Shown))]
    public async Task Images_RuleOnThem_IsMet(string path, string shown)
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var sees = GatewayHost.Model("sees", upstream);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(GatewayHost.Model("m", upstream)) with { Rules = [new RouteRule { Name = "pictures", To = RuleDestination.Model, Model = sees, Images = true }] });

        using var seen = await gateway.PostToAsync(path, shown);
        using var plain = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(("sees", "m"), (Header(seen, "model"), Header(plain, "model")));
    }

    [Fact]
    public async Task Affinity_OneKey_OneEndpointWhateverTheStrategy()
    {
        await using var servers = await EndpointServers.StartAsync(4);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.RoundRobin, affinity: true);
        var first = new Dictionary<string, string>();
        foreach (var user in Enumerable.Range(0, 40).Concat(Enumerable.Range(0, 40).Reverse()).Select(i => $"u{i}"))
        {
            var met = await MeetAsync(gateway, headers: ("x-user-id", user));
            Assert.Equal(met, first.TryGetValue(user, out var known) ? known : first[user] = met);
        }

        Assert.Equal(4, first.Values.Distinct().Count());
    }

    [Fact]
    public async Task Failure_AnotherEndpointAnswersAtOnce_AndTheSickOneIsSpared()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        servers[0].Answers = StubUpstream.Json("""{"error":{"message":"down"}}""", 503);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.CapabilityMatch, edit: (endpoint, i) => endpoint with { Capabilities = i == 0 ? [] : ["tools"] });

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("e1-provider", await MeetAsync(gateway));
        }

        // Five failures in a row open its breaker.
        Assert.Equal(5, servers.Counts[0]);
    }

    [Fact]
    public async Task Outage_OfAllEndpoints_SecondTriesStayWithinTheRatio()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        servers[0].Answers = servers[1].Answers = StubUpstream.Json("""{"error":{"message":"down"}}""", 500);
        await using var gateway = await servers.GatewayAsync(
            EndpointStrategy.RoundRobin, new RouteLimits { Retries = 1, RetryRatio = 0.1 },
            edit: (endpoint, _) => endpoint with { Provider = endpoint.Provider with { Breaker = new BreakerLimits { Enabled = false } } });

        for (var i = 0; i < 100; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        }

        // A hundred first calls, the burst, and what a hundred requests earn; the first ones earn nothing, for nothing is missing yet.
        Assert.InRange(servers.Counts.Sum(), 100 + 20 + 9, 100 + 20 + 10);
    }

    [Fact]
    public async Task Failure_NoSecondTryEarned_TheFallbackAnswersAllTheSame()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        servers[0].Answers = servers[1].Answers = StubUpstream.Json("""{"error":{"message":"down"}}""", 500);
        await using var other = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Route(servers.Model(), new RouteLimits { RetryRatio = 0 }, GatewayHost.Model("f", other)) with { Strategy = EndpointStrategy.RoundRobin });

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal((HttpStatusCode.OK, 1, 1), (response.StatusCode, servers.Counts.Sum(), other.Requests.Count));
    }

    [Fact]
    public async Task Strategy_OfARequest_IsFollowed()
    {
        await using var servers = await EndpointServers.StartAsync(3);
        await using var gateway = await servers.GatewayAsync(EndpointStrategy.CapabilityMatch, edit: (endpoint, i) => endpoint with { Capabilities = i == 0 ? [] : ["tools"] });
        using var one = await gateway.PostAsync(ChatSamples.Plain, default, ("x-model-migrate-strategy", "round-robin"));
        using var two = await gateway.PostAsync(ChatSamples.Plain, default, ("x-model-migrate-strategy", "round-robin"));
        using var wrong = await gateway.PostAsync(ChatSamples.Plain, default, ("x-model-migrate-strategy", "fastest"));

        Assert.Equal(("round-robin", "e0-provider"), (Header(one, "strategy"), Header(one, "endpoint")));
        Assert.Equal("e1-provider", Header(two, "endpoint"));
        Assert.Equal("e0-provider", await MeetAsync(gateway));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("unknown_strategy", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strategy_OfARequestWhileAMigrationRuns_IsIgnoredAndReported()
    {
        await using var servers = await EndpointServers.StartAsync(2);
        var model = servers.Model((endpoint, i) => endpoint with { Capabilities = i == 0 ? [] : ["tools"] });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model) with { Strategy = EndpointStrategy.CapabilityMatch });
        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("x-model-migrate-strategy", "round-robin"));
            Assert.Equal("capability-match; round-robin ignored while MIG-1 runs", Header(response, "strategy"));
            Assert.Equal("e0-provider", Header(response, "endpoint"));
        }
    }

    [Fact]
    public async Task Migration_StrategyInsideAnArm_DoesNotMoveAnybodyBetweenArms()
    {
        await using var old = await EndpointServers.StartAsync(2);
        await using var young = await EndpointServers.StartAsync(2);
        var route = GatewayHost.Migrating(old.Model(), young.Model() with { Id = new ModelId("young") }, weightPpm: 500_000) with { Strategy = EndpointStrategy.RoundRobin };
        await using var gateway = await GatewayHost.StartAsync(route);
        var arms = new Dictionary<string, string>();
        for (var i = 0; i < 60; i++)
        {
            var user = $"u{i % 20}";
            using var response = await gateway.PostAsync(ChatSamples.Plain, default, ("x-user-id", user));
            var arm = Header(response, "arm");
            Assert.Equal(arm, arms.TryGetValue(user, out var known) ? known : arms[user] = arm);
        }

        Assert.All(old.Counts.Concat(young.Counts), count => Assert.True(count > 5));
        Assert.Equal(60, gateway.Ended().Count);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues($"x-model-migrate-{name}").Single();

    private static Task<string> MeetAsync(GatewayHost gateway, string body = ChatSamples.Plain, params (string Name, string Value)[] headers) =>
        MeetAsync(gateway, "/v1/chat/completions", body, headers);

    private static async Task<string> MeetAsync(GatewayHost gateway, string path, string body, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.PostToAsync(path, body, headers);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return Header(response, "endpoint");
    }

    /// <summary>Lets the gateway meet every endpoint often enough to know it, then asks a few more times.</summary>
    private static async Task<List<string>> LearnAndMeetAsync(GatewayHost gateway, EndpointServers servers)
    {
        for (var i = 0; i < 12 * servers.Counts.Length; i++)
        {
            using var learned = await gateway.PostAsync(ChatSamples.Plain, default, ("x-model-migrate-strategy", "round-robin"));
        }

        var met = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            met.Add(await MeetAsync(gateway));
        }

        return met;
    }
}
