namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>What a judge makes of one answer.</summary>
/// <param name="Harmful">Null when there is no judgement; that is never clean.</param>
/// <param name="Why">A sentence or a few words.</param>
public sealed record SafetyJudgement(bool? Harmful, string Why);
