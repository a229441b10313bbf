namespace ModelMigrate.Core.Suites.Parity;

/// <summary>What one model answered to one prompt.</summary>
/// <param name="Text">Null when there is no answer.</param>
/// <param name="LatencyMs">Until the whole answer was there; null without one.</param>
public sealed record ParitySide(string? Text, double? LatencyMs);
