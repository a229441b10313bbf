using ModelMigrate.Control.Evaluation.Judging;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>What judging one answer or one pair took.</summary>
/// <param name="Cost">Of this case alone.</param>
/// <param name="Failure">Why the judge could not be asked, which another time may pass; null when it could.</param>
/// <param name="Detail">What it said, as JSON; null without a verdict.</param>
internal sealed record GradingNote(JudgeCost Cost, string? Failure, string? Detail);
