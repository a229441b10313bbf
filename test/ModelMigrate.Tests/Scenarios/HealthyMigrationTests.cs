using ModelMigrate.Core.Rollouts;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>Equal arms must not be rolled back more often than α, and a target at the margin must not be promoted more often than α.</summary>
public sealed class HealthyMigrationTests(ITestOutputHelper output)
{
    private const double Alpha = 0.05;

    public static TheoryData<string> Healthy => ["perfect", "errors 0.5 %", "errors 4 %", "fast errors, slow answers", "outage of both arms", "source errors slower"];

    [Theory]
    [MemberData(nameof(Healthy))]
    public void Rollback_EqualArms_WithinAlpha(string scenario)
    {
        var n = Repetitions.Of(2000);
        var traffic = scenario switch
        {
            "perfect" => new TrafficModel { SourceErrors = static _ => 0, TargetErrors = static _ => 0 },
            "errors 0.5 %" => new TrafficModel(),
            "errors 4 %" => Equal(static _ => 0.04),
            "fast errors, slow answers" => Equal(static _ => 0.04) with
            {
                Rate = 4, SourceMedian = static _ => 10, TargetMedian = static _ => 10, SourceErrorSeconds = 0.1, TargetErrorSeconds = 0.1,
            },
            "outage of both arms" => Equal(static at => at is > 250 and < 500 ? 0.3 : 0.005),
            _ => Equal(static _ => 0.005) with { SourceErrorSeconds = 10, TargetErrorSeconds = 0.1 },
        };
        var phases = Repetitions.Run(n, seed =>
        {
            var run = new SimulatedMigration(Specs.Ramp(seed, hold: 300), traffic, seed);
            run.Run(1800);
            return run.State.Phase;
        });
        var rolledBack = phases.Count(p => p == RolloutPhase.RolledBack);
        var completed = phases.Count(p => p == RolloutPhase.Completed);
        Repetitions.Report(output, $"false rollback, {scenario}", $"{rolledBack} of {n} ({100.0 * rolledBack / n:0.00} %), completed within 30 min {100.0 * completed / n:0.0} %");
        Assert.True(rolledBack <= Repetitions.Limit(n, Alpha), $"{rolledBack} of {n}");
    }

    [Fact]
    public void Promotion_TargetAtTheMargin_WithinAlpha()
    {
        var n = Repetitions.Of(2000);
        var promoted = Repetitions.Run(n, seed =>
        {
            // Alert instead of rollback, or the harm test would hide what the promotion test does.
            var spec = Specs.Ramp(seed, hold: 60) with { OnRegression = RegressionPolicy.Alert, Gates = [Specs.Ramp(seed).Gates[0]] };
            var run = new SimulatedMigration(spec, new TrafficModel { TargetErrors = static _ => 0.015 }, seed);
            run.Run(1800, static r => r.State.TargetProven);
            return run.State.TargetProven;
        }).Count(p => p);
        Repetitions.Report(output, "promotion at the margin (errors +1 pp)", $"{promoted} of {n} ({100.0 * promoted / n:0.00} %)");
        Assert.True(promoted <= Repetitions.Limit(n, Alpha), $"{promoted} of {n}");
    }

    private static TrafficModel Equal(Func<double, double> errors) => new() { SourceErrors = errors, TargetErrors = errors };
}
