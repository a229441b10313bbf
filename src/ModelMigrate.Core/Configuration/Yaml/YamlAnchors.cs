namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>Values that a document names with <c>&amp;</c>. Owned by one reading.</summary>
internal sealed class YamlAnchors
{
    private const string Merge = "<<";

    private readonly Dictionary<string, (YamlNode Node, int Size, int Height)> _named = new(StringComparer.Ordinal);

    public void Add(string name, YamlNode node, int size) => _named[name] = (node, size, Height(node));

    /// <summary>The value, how many values it is, and how deep.</summary>
    public (YamlNode Node, int Size, int Height)? Find(string name) => _named.TryGetValue(name, out var named) ? named : null;

    /// <summary>With the keys of groups that stand after <c>&lt;&lt;</c>; a key of its own goes before theirs, and an earlier group's before a later one's.</summary>
    public static List<YamlEntry> Merged(List<YamlEntry> entries)
    {
        if (!entries.Exists(static entry => IsMerge(entry)))
        {
            return entries;
        }

        var own = entries.Where(static entry => !IsMerge(entry)).ToList();
        var seen = own.Select(static entry => entry.Key.Text).ToHashSet(StringComparer.Ordinal);
        var given = entries.Where(IsMerge).SelectMany(static entry => entry.Value is YamlSequence list ? list.Items.OfType<YamlMapping>() : [(YamlMapping)entry.Value]);
        return [.. own, .. given.SelectMany(static map => map.Entries).Where(entry => seen.Add(entry.Key.Text))];
    }

    private static bool IsMerge(YamlEntry entry) => entry is { Key: { IsPlain: true, Text: Merge }, Value: YamlMapping } || (entry is { Key: { IsPlain: true, Text: Merge }, Value: YamlSequence list } && list.Items.All(static item => item is YamlMapping));

    private static int Height(YamlNode node) => node switch
    {
        YamlMapping { Entries.Count: > 0 } map => 1 + map.Entries.Max(static entry => Height(entry.Value)),
        YamlSequence { Items.Count: > 0 } list => 1 + list.Items.Max(Height),
        _ => 0,
    };
}
