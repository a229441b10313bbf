using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Rules;

namespace ModelMigrate.Core.Configuration.Sections.Routes;

/// <summary>Reads a route's <c>rules</c>.</summary>
internal static class RuleSection
{
    private const int Most = 100;
    private const int MostPriority = 1_000_000;
    private const double LeastShare = 0.0001;

    public static IReadOnlyList<RuleConfig> Read(MapReader route, Declared<ModelConfig> models)
    {
        var rules = new List<RuleConfig>();
        foreach (var (node, path) in route.Items("rules") ?? [])
        {
            if (node is not YamlMapping || route.Of(node, node, path) is not { } rule)
            {
                route.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write for example {to: target, users: [ann]}.");
                continue;
            }

            var read = Read(rule, rules.Count, models);
            rule.Finish();
            if (rules.Exists(other => string.Equals(other.Name, read.Name, StringComparison.Ordinal)))
            {
                route.Problems.Error(node, path, "duplicate-rule", $"{path} repeats the name '{MapReader.Shown(read.Name)}' of an earlier rule.", "Give each rule a name of its own with 'name:'.");
            }

            rules.Add(read);
        }

        if (rules.Count > Most)
        {
            route.Problems.Error(route.At("rules"), route.PathOf("rules"), "too-many-rules", $"{route.PathOf("rules")} has {rules.Count} rules; a route can have {Most}.", "Remove some.");
        }

        return rules;
    }

    private static RuleConfig Read(MapReader rule, int index, Declared<ModelConfig> models)
    {
        var to = rule.Text("to");
        rule.Missing("to", "Write 'to:' and source, target, or the name of a model.");
        var destination = to switch
        {
            null or "source" => RuleDestination.Source,
            "target" => RuleDestination.Target,
            _ => RuleDestination.Model,
        };
        if (destination == RuleDestination.Model)
        {
            Reference.Exists(rule.Problems, rule.At("to"), rule.PathOf("to"), "model", to!, models.Names);
        }

        var read = new RuleConfig
        {
            Name = rule.Text("name") ?? $"rule-{index + 1}",
            Priority = rule.Count("priority", -MostPriority, MostPriority) ?? 0,
            To = destination,
            Model = destination == RuleDestination.Model ? new(to!) : null,
            Users = Texts(rule, "users"),
            Clients = Texts(rule, "clients"),
            Headers = Headers(rule),
            Images = rule.Flag("images"),
            Stream = rule.Flag("stream"),
            SharePpm = (int)Math.Round((rule.Share("share", LeastShare, 1) ?? 1) * SplitSnapshot.Total),
        };
        if (read is { Users: null, Clients: null, Headers.Count: 0, Images: null, Stream: null, SharePpm: SplitSnapshot.Total })
        {
            rule.Problems.Error(
                rule.Place, rule.PathOf("to"), "rule-without-condition", $"The rule '{MapReader.Shown(read.Name)}' matches every request.",
                "Write users, clients, headers, images, stream or share; or name the model as the route's.");
        }

        return read;
    }

    private static List<string>? Texts(MapReader rule, string key)
    {
        if (rule.Items(key) is not { } items)
        {
            return null;
        }

        var texts = items.Select(item => rule.TextOf(item.Node, item.Node, item.Path)).OfType<string>().ToList();
        if (items.Count == 0)
        {
            rule.Problems.Error(rule.At(key), rule.PathOf(key), "no-texts", $"{rule.PathOf(key)} is empty, so that the rule matches nothing.", "Name some, or remove the rule.");
        }

        return texts;
    }

    private static List<KeyValuePair<string, string>> Headers(MapReader rule)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (entry, path) in rule.Entries("headers"))
        {
            if (rule.TextOf(entry.Value, entry.Value, path) is { } value)
            {
                headers.Add(new(entry.Key.Text.ToLowerInvariant(), value));
            }
        }

        return headers;
    }
}
