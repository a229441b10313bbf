using ModelMigrate.Control.Evaluation.Asking;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>One prompt with its answer and judgement.</summary>
/// <param name="Prompt">What was asked.</param>
/// <param name="Asked">What came of asking.</param>
/// <param name="Judgement">What was made of it.</param>
internal sealed record SafetyOutcome(SafetyPrompt Prompt, AskedAnswer Asked, SafetyJudgement Judgement);
