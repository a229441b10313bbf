using System.Collections.Frozen;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Routing.Rules;

/// <summary>One rule of a route: what it matches, all of it, and where that goes. It stands before a migration's split, so what it sends is nobody's evidence.</summary>
public sealed record RouteRule
{
    public required string Name { get; init; }

    public required RuleDestination To { get; init; }

    /// <summary>The model, when the rule names one.</summary>
    public ModelSnapshot? Model { get; init; }

    /// <summary>Null for everybody.</summary>
    public FrozenSet<string>? Users { get; init; }

    /// <summary>Names of client keys; null for all.</summary>
    public FrozenSet<string>? Clients { get; init; }

    /// <summary>Request headers that must have a value each.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Null when it does not matter.</summary>
    public bool? Images { get; init; }

    /// <summary>Null when it does not matter.</summary>
    public bool? Stream { get; init; }

    /// <summary>Of the sticky keys that match all else, the part that the rule takes, in parts per million.</summary>
    public int SharePpm { get; init; } = SplitSnapshot.Total;

    /// <summary>Places keys for <see cref="SharePpm"/>; of the rule's name, so that shares of several rules are independent.</summary>
    public uint Seed { get; init; }

    public bool Matches(RuleFacts facts)
    {
        if ((Users is not null && (facts.User is null || !Users.Contains(facts.User)))
            || (Clients is not null && (facts.Client is null || !Clients.Contains(facts.Client)))
            || (Images is { } images && images != facts.HasImages)
            || (Stream is { } stream && stream != facts.Stream))
        {
            return false;
        }

        foreach (var (header, value) in Headers)
        {
            if (!string.Equals(facts.Header(header), value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return SharePpm == SplitSnapshot.Total || Bucketing.Bucket(facts.Key.Span, Seed) < SharePpm;
    }

    /// <summary>The first of a route's rules, which stand in order, that matches; null for none.</summary>
    public static RouteRule? FirstOf(IReadOnlyList<RouteRule> rules, RuleFacts facts)
    {
        foreach (var rule in rules)
        {
            if (rule.Matches(facts))
            {
                return rule;
            }
        }

        return null;
    }
}
