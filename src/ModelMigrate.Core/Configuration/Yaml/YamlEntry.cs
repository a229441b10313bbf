namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>One key with its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
