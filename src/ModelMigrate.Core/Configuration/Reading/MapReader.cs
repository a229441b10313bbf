using ModelMigrate.Core.Configuration.Yaml;

namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>
/// Reads one group of keys. Each key is known by being asked for; <see cref="Finish"/> then refuses the others.
/// Every reading answers null both for a key that is absent and for one whose value was refused, so that reading goes on.
/// </summary>
internal sealed partial class MapReader(YamlMapping map, YamlNode place, string path, ReadContext context)
{
    private readonly List<string> _known = [];

    /// <summary>Where problems of the whole group are shown: its key.</summary>
    public YamlNode Place => place;

    public ProblemList Problems => context.Problems;

    /// <summary>An environment variable, or null when it is not set or empty.</summary>
    public string? Variable(string name) => context.Environment(name) is { Length: > 0 } value ? value : null;

    public string PathOf(string key) => path.Length == 0 ? Shown(key) : $"{path}.{Shown(key)}";

    /// <summary>The node of a key, also when its value is missing.</summary>
    public YamlNode? Node(string key)
    {
        _known.Add(key);
        return map.Find(key)?.Value;
    }

    /// <summary>Where a problem with this key is shown: its value, or the group when it is absent.</summary>
    public YamlNode At(string key) => map.Find(key) is { } entry ? (entry.Value.IsNull ? entry.Key : entry.Value) : place;

    /// <summary>A group under this key. An absent or empty one reads as no keys.</summary>
    public MapReader Group(string key)
    {
        var node = Node(key);
        if (node is YamlMapping group)
        {
            return new(group, map.Find(key)!.Key, PathOf(key), context);
        }

        if (node is { IsNull: false })
        {
            WrongType(key, node, "a group of keys");
        }

        return new(Empty(At(key)), At(key), PathOf(key), context);
    }

    /// <summary>The named entries of a group such as <c>models</c>, each with its name; a name that stands twice is refused once.</summary>
    public IEnumerable<(YamlEntry Entry, string Path)> Entries(string key)
    {
        var node = Node(key);
        if (node is null or { IsNull: true })
        {
            yield break;
        }

        if (node is not YamlMapping group)
        {
            WrongType(key, node, "a group of named entries");
            yield break;
        }

        Duplicates(group, PathOf(key));
        foreach (var entry in group.Entries.DistinctBy(entry => entry.Key.Text, StringComparer.Ordinal))
        {
            yield return (entry, $"{PathOf(key)}.{Shown(entry.Key.Text)}");
        }
    }

    /// <summary>The items of a list, each with its path; null when the key is absent.</summary>
    public IReadOnlyList<(YamlNode Node, string Path)>? Items(string key)
    {
        var node = Node(key);
        if (node is null)
        {
            return null;
        }

        if (node is YamlSequence list)
        {
            return [.. list.Items.Select((item, i) => (item, $"{PathOf(key)}[{i}]"))];
        }

        WrongType(key, node, "a list");
        return [];
    }

    /// <summary>A reader for an entry that is a group, or null when <paramref name="node"/> is something else.</summary>
    public MapReader? Of(YamlNode node, YamlNode at, string nodePath) => node switch
    {
        YamlMapping group => new(group, at, nodePath, context),
        { IsNull: true } => new(Empty(at), at, nodePath, context),
        _ => null,
    };

    /// <summary>Refuses keys that stand twice and keys that nobody asked for.</summary>
    public void Finish()
    {
        Duplicates(map, path);
        foreach (var entry in map.Entries.Where(entry => !_known.Contains(entry.Key.Text, StringComparer.Ordinal)))
        {
            var nearest = NearestName.Of(entry.Key.Text, _known);
            Problems.Error(
                entry.Key, PathOf(entry.Key.Text), "unknown-key",
                $"The key '{Shown(entry.Key.Text)}' is not known {(path.Length == 0 ? "at the top" : $"in {path}")}.",
                nearest is null ? $"Known keys: {string.Join(", ", _known.Distinct(StringComparer.Ordinal))}." : $"Write '{nearest}'.");
        }
    }

    /// <summary>A value as a message may show it: short, on one line, and as written in the file, never with a variable's content.</summary>
    public static string Shown(string text)
    {
        var shown = text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
        return shown.Length <= 60 ? shown : shown[..(char.IsHighSurrogate(shown[59]) ? 59 : 60)] + "…";
    }

    private void Duplicates(YamlMapping group, string groupPath)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in group.Entries)
        {
            if (!first.TryAdd(entry.Key.Text, entry.Key.Start.Line))
            {
                Problems.Error(
                    entry.Key, groupPath.Length == 0 ? Shown(entry.Key.Text) : $"{groupPath}.{Shown(entry.Key.Text)}", "duplicate-key",
                    $"The key '{Shown(entry.Key.Text)}' stands here a second time; the first is on line {first[entry.Key.Text]}.",
                    "Keep one of them.");
            }
        }
    }

    private void WrongType(string key, YamlNode node, string expected) =>
        Problems.Error(
            At(key), PathOf(key), "wrong-type", $"{PathOf(key)} must be {expected}, not {node.Kind}.",
            string.Equals(expected, "a list", StringComparison.Ordinal) ? "Write [a, b], or one '- item' on each line." : "Write its keys indented under it, each as 'key: value'.");

    private static YamlMapping Empty(YamlNode at) => new([], IsFlow: false, at.Start, at.Start);
}
