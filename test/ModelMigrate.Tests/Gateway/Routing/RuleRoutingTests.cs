using System.Collections.Frozen;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Rules;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Routing;

/// <summary>Rules stand before a migration's split; what they send is nobody's evidence, and an unproven target is met out of its budget alone.</summary>
public sealed class RuleRoutingTests
{
    private static readonly RouteRule s_annToTarget = new() { Name = "testers", To = RuleDestination.Target, Users = FrozenSet.ToFrozenSet(["ann"]) };

    [Fact]
    public async Task Target_ForAUser_IsMetUncountedWhileTheBudgetLasts()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var allowance = new Allowance();
        allowance.Grant(1, 2);
        var route = Route(upstream, weightPpm: 1) with { Rules = [s_annToTarget] };
        await using var gateway = await GatewayHost.StartAsync(route with { Split = route.Split! with { Allowance = allowance } });

        var met = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            met.Add(await MeetAsync(gateway, "ann"));
        }

        Assert.Equal(["t testers", "t testers", "s testers"], met);
        Assert.Empty(gateway.Ended());
        Assert.Equal("s -", await MeetAsync(gateway, "bob"));
        Assert.Single(gateway.Ended());
    }

    [Fact]
    public async Task Target_WithoutControlOrAtWeightZero_SourceAnswers()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = Route(upstream, weightPpm: 500_000) with { Rules = [s_annToTarget] };
        await using var gateway = await GatewayHost.StartAsync(route);
        Assert.Equal("t testers", await MeetAsync(gateway, "ann"));

        gateway.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("s testers", await MeetAsync(gateway, "ann"));

        gateway.Publish(route with { Split = route.Split! with { WeightPpm = 0 } });
        Assert.Equal("s testers", await MeetAsync(gateway, "ann"));
        gateway.Publish(route with { Split = null });
        Assert.Equal("s testers", await MeetAsync(gateway, "ann"));
    }

    [Fact]
    public async Task Source_ForAUser_IsKeptOutOfTheMigration()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        await using var gateway = await GatewayHost.StartAsync(
            Route(upstream, SplitSnapshot.Total) with { Rules = [s_annToTarget with { To = RuleDestination.Source }] });

        Assert.Equal(("s testers", "t -"), (await MeetAsync(gateway, "ann"), await MeetAsync(gateway, "bob")));
        Assert.Single(gateway.Ended());
    }

    [Fact]
    public async Task Model_ForAHeader_AnswersAndTheFirstRuleWins()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var other = GatewayHost.Model("other", upstream);
        await using var gateway = await GatewayHost.StartAsync(Route(upstream, SplitSnapshot.Total) with
        {
            Rules = [new RouteRule { Name = "beta", To = RuleDestination.Model, Model = other, Headers = [new("x-segment", "beta")] }, s_annToTarget],
        });

        Assert.Equal("other beta", await MeetAsync(gateway, "ann", ("x-segment", "beta")));
        Assert.Equal("t testers", await MeetAsync(gateway, "ann", ("x-segment", "gamma")));
        Assert.Empty(gateway.Ended());
    }

    [Fact]
    public async Task Model_ThatIsTheUnprovenTarget_IsMetAsATarget()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = Route(upstream, weightPpm: 1);
        var allowance = new Allowance();
        allowance.Grant(1, 1);
        await using var gateway = await GatewayHost.StartAsync(route with
        {
            Split = route.Split! with { Allowance = allowance },
            Rules = [s_annToTarget with { To = RuleDestination.Model, Model = route.Split!.Target }],
        });

        Assert.Equal(("t testers", "s testers"), (await MeetAsync(gateway, "ann"), await MeetAsync(gateway, "ann")));
    }

    [Fact]
    public async Task Model_WithACache_ItsAnswersAreItsOwn()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json(ChatSamples.Answer));
        var route = GatewayHost.Route(GatewayHost.Model("s", upstream)) with { Cache = CacheLimits.Default };
        await using var gateway = await GatewayHost.StartAsync(route with
        {
            Rules = [s_annToTarget with { To = RuleDestination.Model, Model = GatewayHost.Model("other", upstream) }],
        });
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(("other testers", "s -"), (await MeetAsync(gateway, "ann"), await MeetAsync(gateway, "bob")));
        }

        Assert.Equal(2, upstream.Requests.Count);
    }

    private static RouteSnapshot Route(StubUpstream upstream, int weightPpm) =>
        GatewayHost.Migrating(GatewayHost.Model("s", upstream), GatewayHost.Model("t", upstream), weightPpm: weightPpm);

    private static async Task<string> MeetAsync(GatewayHost gateway, string user, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.PostAsync(ChatSamples.Plain, default, [("x-user-id", user), .. headers]);
        var rule = response.Headers.TryGetValues("x-model-migrate-rule", out var values) ? values.Single() : "-";
        return $"{response.Headers.GetValues("x-model-migrate-model").Single()} {rule}";
    }
}
