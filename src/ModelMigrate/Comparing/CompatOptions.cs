namespace ModelMigrate.Comparing;

/// <summary>How a comparison is run.</summary>
/// <param name="Concurrency">Prompts under way at once.</param>
/// <param name="MaxCost">US dollars that it may cost at most; null for no limit.</param>
/// <param name="ShowPrompts">Whether the beginnings of prompts, and what providers say of them, may be shown.</param>
internal sealed record CompatOptions(int Concurrency, decimal? MaxCost, bool ShowPrompts);
