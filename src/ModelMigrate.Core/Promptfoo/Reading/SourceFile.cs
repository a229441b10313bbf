using System.Globalization;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>One file that is read, and what is wrong with it.</summary>
/// <param name="Name">As the configuration names it.</param>
/// <param name="Problems">What is wrong with this file.</param>
/// <param name="Files">Opens others.</param>
internal sealed record SourceFile(string Name, ProblemList Problems, SourceFiles Files)
{
    public void Refuse(YamlNode at, string code, string message, string remedy) => Problems.Error(at, "", code, message, remedy);

    public void Warn(YamlNode at, string code, string message, string remedy) => Problems.Warning(at, "", code, message, remedy);

    public string Place(YamlNode at) => string.Create(CultureInfo.InvariantCulture, $"{Name}:{at.Start.Line}:{at.Start.Column}");

    /// <summary>The keys of a group that are known; every other is refused, those that promptfoo has with the reason.</summary>
    public YamlMapping? Keys(YamlNode node, string what, IReadOnlyList<string> known, IReadOnlyDictionary<string, string>? refused = null)
    {
        if (node is not YamlMapping map)
        {
            Refuse(node, "wrong-type", $"{what} must be a group of keys, not {node.Kind}.", "Write its keys indented under it, each as 'key: value'.");
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            var key = entry.Key.Text;
            if (!seen.Add(key))
            {
                Refuse(entry.Key, "duplicate-key", $"The key '{MapReader.Shown(key)}' stands here a second time.", "Keep one of them.");
            }
            else if (refused is not null && refused.TryGetValue(key, out var why))
            {
                Refuse(entry.Key, "not-run", $"'{key}' of {char.ToLowerInvariant(what[0])}{what[1..]} is not run here.", why);
            }
            else if (!known.Contains(key, StringComparer.Ordinal))
            {
                Refuse(entry.Key, "unknown-key", $"{what} has no key '{MapReader.Shown(key)}'.", NearestName.Of(key, known) is { } near ? $"Write '{near}'." : $"Known keys: {string.Join(", ", known)}.");
            }
        }

        return map;
    }

    /// <summary>A single value's text, or null when there is none or it is something else, which is refused.</summary>
    public string? Text(YamlMapping map, string key)
    {
        switch (map.Find(key)?.Value)
        {
            case null or { IsNull: true }:
                return null;
            case YamlScalar scalar:
                return scalar.Text;
            case var other:
                Refuse(other, "wrong-type", $"{key} must be a text, not {other.Kind}.", $"Write '{key}: …' on one line.");
                return null;
        }
    }

    public double? Number(YamlMapping map, string key, double least, double most)
    {
        if (Text(map, key) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(map.Find(key)!.Value, "bad-number", $"{key}: '{MapReader.Shown(text)}' is no number from {least} to {most}.", $"Write for example '{key}: {Math.Clamp(1, least, most)}'.");
        return null;
    }

    /// <summary>A list, or a single item for a list of one.</summary>
    public static IReadOnlyList<YamlNode> Items(YamlNode? node) => node switch
    {
        null or { IsNull: true } => [],
        YamlSequence list => list.Items,
        _ => [node],
    };

    public IReadOnlyList<string> Texts(YamlMapping map, string key)
    {
        var texts = new List<string>();
        foreach (var item in Items(map.Find(key)?.Value))
        {
            if (item is YamlScalar scalar)
            {
                texts.Add(scalar.Text);
            }
            else
            {
                Refuse(item, "wrong-type", $"{key} must be a list of texts.", $"Write '{key}: [a, b]'.");
            }
        }

        return texts;
    }
}
