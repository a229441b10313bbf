namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>A value in a YAML text, with where it stands.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">Just past the last character of its content; comments and blank lines after it are not its own.</param>
internal abstract record YamlNode(YamlPlace Start, YamlPlace End)
{
    /// <summary>What it is, in words for a message.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the key stands there without a value.</summary>
    public bool IsNull => this is YamlScalar { IsPlain: true, Text: "" or "~" or "null" };
}
