using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads <c>rejects</c> of a model or provider: parameters that can be left out.</summary>
internal static class RejectedNames
{
    /// <summary>The names; null when the key is absent.</summary>
    public static IReadOnlyList<string>? Read(MapReader entry)
    {
        if (entry.Items("rejects") is not { } items)
        {
            return null;
        }

        var names = new List<string>();
        foreach (var (node, path) in items)
        {
            if (entry.TextOf(node, node, path) is not { } name)
            {
                continue;
            }

            if (Abilities.Rejectable.Contains(name, StringComparer.Ordinal))
            {
                names.Add(name);
            }
            else
            {
                entry.Problems.Error(
                    node, path, "unknown-parameter", $"{path}: '{MapReader.Shown(name)}' is no parameter that can be left out.",
                    $"Write one of {string.Join(", ", Abilities.Rejectable)}.");
            }
        }

        return names;
    }
}
