using ModelMigrate.Control.Api;

namespace ModelMigrate.Control.Rollouts;

/// <summary>What came of an operator's verb.</summary>
/// <param name="Reading">Where the migration stands now; null when refused.</param>
/// <param name="Refusal">Why it was not done, or null.</param>
internal sealed record VerbAnswer(RolloutReading? Reading, Refusal? Refusal);
