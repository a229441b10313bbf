namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>One suite of a JUnit file.</summary>
/// <param name="Name">Shown by every reader.</param>
/// <param name="Seconds">Null when nobody measured.</param>
/// <param name="Properties">Names and values; null values are left out.</param>
/// <param name="Cases">In order.</param>
internal sealed record JUnitSuite(string Name, double? Seconds, IReadOnlyList<(string Name, string? Value)> Properties, IReadOnlyList<JUnitCase> Cases);
