namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>What would be right to do in a scenario.</summary>
internal enum ScenarioKind
{
    /// <summary>The arms are equal, or the target is better: every rollback is false.</summary>
    Healthy,

    /// <summary>The target is exactly as much worse as the margin: a promotion is false. Harm only alerts, or it would hide that.</summary>
    Margin,

    /// <summary>The target is worse: every promotion is bad.</summary>
    Harm,

    /// <summary>Reasonable people differ: reported, not judged.</summary>
    Reported,
}
