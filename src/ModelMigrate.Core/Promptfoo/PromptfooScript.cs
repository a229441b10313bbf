namespace ModelMigrate.Core.Promptfoo;

/// <summary>A program that a configuration holds answers against.</summary>
/// <param name="Language">Who runs it.</param>
/// <param name="File">The name of its file without folders; null for one that stands in the assertion's value.</param>
/// <param name="Code">What the file holds; empty for none.</param>
/// <param name="Function">Which function of the file is called; null for the usual one.</param>
public sealed record PromptfooScript(ScriptLanguage Language, string? File, string Code, string? Function);
