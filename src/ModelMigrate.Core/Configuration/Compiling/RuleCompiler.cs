using System.Collections.Frozen;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Rules;

namespace ModelMigrate.Core.Configuration.Compiling;

/// <summary>Puts a route's rules into the order in which they are looked at.</summary>
public static class RuleCompiler
{
    public static IReadOnlyList<RouteRule> Compile(IReadOnlyList<RuleConfig> rules, FrozenDictionary<ModelId, ModelSnapshot> catalog) =>
        [.. rules.OrderByDescending(static rule => rule.Priority).Select(rule => Compile(rule, catalog))];

    private static RouteRule Compile(RuleConfig rule, FrozenDictionary<ModelId, ModelSnapshot> catalog) => new()
    {
        Name = rule.Name,
        To = rule.To,
        Model = rule.Model is { } model ? catalog[model] : null,
        Users = rule.Users?.ToFrozenSet(StringComparer.Ordinal),
        Clients = rule.Clients?.ToFrozenSet(StringComparer.Ordinal),
        Headers = rule.Headers,
        Images = rule.Images,
        Stream = rule.Stream,
        SharePpm = rule.SharePpm,
        Seed = Bucketing.Murmur3(Encoding.UTF8.GetBytes(rule.Name), 0),
    };
}
