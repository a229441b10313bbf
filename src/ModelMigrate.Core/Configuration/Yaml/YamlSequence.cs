namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>A list.</summary>
internal sealed record YamlSequence(IReadOnlyList<YamlNode> Items, bool IsFlow, YamlPlace Start, YamlPlace End) : YamlNode(Start, End)
{
    public override string Kind => "a list";
}
