using System.Collections.Frozen;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Configuration.Compiling;
using ModelMigrate.Core.Routing.Rules;

namespace ModelMigrate.Tests.Core.Routing;

public sealed class RuleTests
{
    private static readonly RuleFacts s_facts = new()
    {
        User = "ann", Client = "shop", Stream = true, Key = "ann"u8.ToArray(),
        Header = name => name == "x-segment" ? "beta" : null,
    };

    public static TheoryData<RouteRule, bool> Rules => new()
    {
        { Rule() with { Users = Set("ann", "bob") }, true },
        { Rule() with { Users = Set("bob") }, false },
        { Rule() with { Clients = Set("shop") }, true },
        { Rule() with { Clients = Set("bank") }, false },
        { Rule() with { Headers = [new("x-segment", "beta")] }, true },
        { Rule() with { Headers = [new("x-segment", "BETA")] }, false },
        { Rule() with { Headers = [new("x-segment", "beta"), new("x-other", "1")] }, false },
        { Rule() with { Stream = true }, true },
        { Rule() with { Stream = false }, false },
        { Rule() with { Images = true }, false },
        { Rule() with { Users = Set("ann"), Images = true }, false },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Matches_AllConditions_OrNot(RouteRule rule, bool expected) => Assert.Equal(expected, rule.Matches(s_facts));

    [Fact]
    public void Matches_NobodyInParticular_FallsUnderNoListOfUsers() =>
        Assert.False((Rule() with { Users = Set("ann") }).Matches(s_facts with { User = null }));

    [Fact]
    public void Matches_Share_TakesThatPartOfTheKeysAndAlwaysTheSame()
    {
        var rule = Rule() with { SharePpm = 100_000, Seed = 5 };
        var taken = Enumerable.Range(0, 20_000).Where(i => rule.Matches(s_facts with { Key = Encoding.UTF8.GetBytes($"u{i}") })).ToList();

        // Five standard deviations of a tenth of 20,000.
        Assert.InRange(taken.Count, 2_000 - 212, 2_000 + 212);
        Assert.Subset(
            Enumerable.Range(0, 20_000).Where(i => (rule with { SharePpm = 200_000 }).Matches(s_facts with { Key = Encoding.UTF8.GetBytes($"u{i}") })).ToHashSet(),
            taken.ToHashSet());
    }

    [Fact]
    public void Compile_Priorities_HighestFirstThenTheFilesOrder()
    {
        RuleConfig Config(string name, int priority) => new() { Name = name, Priority = priority, To = RuleDestination.Source, Stream = true };
        var rules = RuleCompiler.Compile([Config("a", 0), Config("b", 5), Config("c", 0), Config("d", 5)], FrozenDictionary<ModelId, ModelSnapshot>.Empty);
        Assert.Equal(["b", "d", "a", "c"], rules.Select(rule => rule.Name));
        Assert.Equal("b", RouteRule.FirstOf(rules, s_facts)!.Name);
        Assert.Null(RouteRule.FirstOf(rules, s_facts with { Stream = false }));
    }

    private static RouteRule Rule() => new() { Name = "r", To = RuleDestination.Target };

    private static FrozenSet<string> Set(params string[] texts) => texts.ToFrozenSet(StringComparer.Ordinal);
}
