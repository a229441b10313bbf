namespace ModelMigrate.Comparing;

/// <summary>One prompt on both models.</summary>
/// <param name="Line">Its line in the file.</param>
/// <param name="Source">On the model that serves the route.</param>
/// <param name="Target">On the model that it would move to.</param>
/// <param name="Prompt">Its beginning; null unless it was asked for.</param>
internal sealed record CompatPrompt(long Line, CompatAnswer Source, CompatAnswer Target, string? Prompt);
