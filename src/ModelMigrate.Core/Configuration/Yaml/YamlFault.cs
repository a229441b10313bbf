namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>Why a text is not YAML that this product reads.</summary>
internal sealed record YamlFault(YamlPlace Place, string Code, string Message, string Remedy);
