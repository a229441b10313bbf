using System.Text.Json.Nodes;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Control.Rollouts;

/// <summary>Says in what the file's specification differs from the one that a migration runs with.</summary>
internal static class SpecChanges
{
    /// <summary>One line a difference: <c>steps[1].weight_ppm: 250000 → 500000</c>. The fingerprint is left out: it takes effect at once.</summary>
    public static IReadOnlyList<string> Between(RolloutSpec running, RolloutSpec file)
    {
        var changes = new List<string>();
        Compare("", Node(running), Node(file with { Fingerprint = running.Fingerprint }), changes);
        return changes;
    }

    private static JsonNode? Node(RolloutSpec spec) => JsonNode.Parse(JournalJson.Text(spec));

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> changes)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        switch (before, after)
        {
            case (JsonObject old, JsonObject changed):
                foreach (var name in old.Select(pair => pair.Key).Union(changed.Select(pair => pair.Key), StringComparer.Ordinal))
                {
                    Compare(path.Length == 0 ? name : $"{path}.{name}", old[name], changed[name], changes);
                }

                break;
            case (JsonArray old, JsonArray changed):
                for (var i = 0; i < Math.Max(old.Count, changed.Count); i++)
                {
                    Compare($"{path}[{i}]", i < old.Count ? old[i] : null, i < changed.Count ? changed[i] : null, changes);
                }

                break;
            default:
                changes.Add($"{path}: {Text(before)} → {Text(after)}");
                break;
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "none";
}
