namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>One plain or quoted value.</summary>
internal sealed record YamlScalar(string Text, bool IsPlain, YamlPlace Start, YamlPlace End) : YamlNode(Start, End)
{
    public override string Kind => IsNull ? "nothing" : "a single value";
}
