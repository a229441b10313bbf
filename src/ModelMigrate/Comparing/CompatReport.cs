namespace ModelMigrate.Comparing;

/// <summary>What came of a file of prompts on both models.</summary>
/// <param name="Route">The route.</param>
/// <param name="Lines">Prompts in the file.</param>
/// <param name="Prompts">Those that were asked, in the file's order.</param>
/// <param name="Source">On the model that serves the route.</param>
/// <param name="Target">On the model that it would move to.</param>
/// <param name="Worse">Fine on the source only: what a migration would break.</param>
/// <param name="Better">Fine on the target only.</param>
/// <param name="IsCut">Whether the cost limit ended the run before all were asked.</param>
internal sealed record CompatReport(string Route, int Lines, IReadOnlyList<CompatPrompt> Prompts, CompatArm Source, CompatArm Target, int Worse, int Better, bool IsCut);
