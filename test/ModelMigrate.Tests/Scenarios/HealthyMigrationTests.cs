using ModelMigrate.Core.Rollouts;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>Equal arms must not be rolled back more often than α: 10,020 migrations when all are asked for, else 480.</summary>
public sealed class HealthyMigrationTests(ITestOutputHelper output)
{
    private const double Alpha = 0.05;

    private static readonly (string Name, TrafficModel Traffic)[] s_healthy =
    [
        ("nothing fails", Equal(static _ => 0)),
        ("errors 0.5 %", new TrafficModel()),
        ("errors 4 %", Equal(static _ => 0.04)),
        ("fast errors, slow answers", Equal(static _ => 0.04) with
        {
            Rate = 4, SourceMedian = static _ => 10, TargetMedian = static _ => 10, SourceErrorSeconds = 0.1, TargetErrorSeconds = 0.1,
        }),
        ("outage of both arms", Equal(static at => at is > 250 and < 500 ? 0.3 : 0.005)),
        ("source's errors slower", new TrafficModel { SourceErrorSeconds = 10, TargetErrorSeconds = 0.1 }),
    ];

    [Fact]
    public void Rollback_EqualArms_WithinAlpha()
    {
        var n = Repetitions.Full ? 1670 : 80;
        var table = new FigureTable("false rollbacks of healthy migrations", "completed in 30 min");
        foreach (var (name, traffic) in s_healthy)
        {
            var phases = Repetitions.Run(n, seed =>
            {
                var run = new SimulatedMigration(Specs.Ramp(seed, hold: 300), traffic, seed);
                run.Run(1800);
                return run.State.Phase;
            });
            table.Add(name, n, phases.Count(p => p == RolloutPhase.RolledBack), Alpha, $"{100.0 * phases.Count(p => p == RolloutPhase.Completed) / n:0.0} %");
        }

        table.Print(output);
        Assert.Empty(table.Exceeded);
    }

    private static TrafficModel Equal(Func<double, double> errors) => new() { SourceErrors = errors, TargetErrors = errors };
}
