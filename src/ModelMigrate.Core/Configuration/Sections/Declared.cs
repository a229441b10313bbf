namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>What one section declared.</summary>
/// <param name="Values">The entries, as far as they could be read.</param>
/// <param name="Names">The names of all entries, also of those with errors, so that a mistake is reported once and not again at every use.</param>
internal sealed record Declared<T>(IReadOnlyList<T> Values, IReadOnlyList<string> Names);
