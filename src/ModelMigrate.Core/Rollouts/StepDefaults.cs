namespace ModelMigrate.Core.Rollouts;

/// <summary>The steps of a migration that names none.</summary>
public static class StepDefaults
{
    /// <summary>1, 5, 10, 25 and 50 %; margins four times the final ones, then twice, then the final ones.</summary>
    public static IReadOnlyList<RolloutStep> Canary { get; } =
    [
        new() { WeightPpm = 10_000, MarginFactor = 4 },
        new() { WeightPpm = 50_000, MarginFactor = 4 },
        new() { WeightPpm = 100_000, MarginFactor = 4 },
        new() { WeightPpm = 250_000, MarginFactor = 2 },
        new() { WeightPpm = 500_000, MarginFactor = 1 },
    ];
}
