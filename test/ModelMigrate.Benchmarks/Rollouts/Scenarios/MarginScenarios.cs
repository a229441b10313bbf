using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Scenarios;

/// <summary>A target that is worse by exactly one gate's final margin and equal in everything else: a promotion is false.</summary>
internal static class MarginScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Margin("margin-errors", "the target fails 1 pp more often, the margin of the error gate",
            new ArmModel(), new ArmModel { Errors = static _ => 0.015 }),
        Margin("margin-errors-0", "nothing fails at the source, 1 % at the target",
            new ArmModel { Errors = static _ => 0 }, new ArmModel { Errors = static _ => 0.01 }),
        Margin("margin-latency-p50", "the source's median is exceeded 1.5 times as often, the margin of the p50 gate", Plain, Slower(0.6745)),

        // Φ(1.2816 − 0.2451) = 0.85: above the source's 90th percentile lie 15 %; above its median only 1.19 times as many.
        Margin("margin-latency-p90", "the source's 90th percentile is exceeded 1.5 times as often, the margin of the p90 gate", Plain, Slower(0.2451)),
    ];

    /// <summary>Lognormal without a tail, so that the exceedances are exact.</summary>
    private static ArmModel Plain => new() { TailShare = 0 };

    private static ArmModel Slower(double deviations) => Plain with { Slower = _ => Math.Exp(deviations * Plain.Sigma) };

    private static Scenario Margin(string name, string title, ArmModel source, ArmModel target) =>
        new() { Name = name, Kind = ScenarioKind.Margin, Title = title, Source = source, Target = target };
}
