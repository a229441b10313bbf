using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>What a run came to.</summary>
/// <param name="Result">As the result file holds it; its <see cref="EvaluationResult.Safety"/> is the gate.</param>
/// <param name="Lines">Every prompt that was asked, in order.</param>
/// <param name="End">How it ended.</param>
public sealed record SafetyReport(EvaluationResult Result, IReadOnlyList<JudgedLine> Lines, RunEnd End);
