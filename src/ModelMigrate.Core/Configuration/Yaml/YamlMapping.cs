namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>Keys with values, in the text's order; a key may stand twice.</summary>
internal sealed record YamlMapping(IReadOnlyList<YamlEntry> Entries, bool IsFlow, YamlPlace Start, YamlPlace End) : YamlNode(Start, End)
{
    public override string Kind => "a group of keys";

    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => string.Equals(entry.Key.Text, key, StringComparison.Ordinal));
}
