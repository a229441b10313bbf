namespace ModelMigrate.Core.Checks.Schemas;

/// <summary>Why a schema cannot be used.</summary>
/// <param name="Path">JSON pointer into the schema, empty for the whole.</param>
/// <param name="Keyword">The keyword concerned, or null.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public sealed record SchemaProblem(string Path, string? Keyword, string Message)
{
    public override string ToString() => $"{(Path.Length == 0 ? "the schema" : Path)}: {Message}";
}
