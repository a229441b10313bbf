using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using Xunit.Abstractions;

namespace ModelMigrate.Tests.Scenarios;

/// <summary>
/// A target exactly at the boundary, looked at after every block: harm (the target is worse than tolerated) and promotion (it is not
/// worse than the margin) are both wrong there and may be found in a share α of all migrations at most. The bound asserted is α plus
/// Monte Carlo error, by the exact one-sided binomial of <see cref="Repetitions.Limit"/>.
/// </summary>
public sealed class BoundaryTests(ITestOutputHelper output)
{
    private const double Alpha = 0.05;
    private const int Blocks = 600;

    [Fact]
    public void Latency_TargetAtTheRatio_WithinAlpha()
    {
        var n = Repetitions.Of(2000);
        var table = new FigureTable("wrong verdict at the ratio, ever in 600 blocks");
        foreach (var ratio in new[] { 1.25, 1.5 })
        {
            // What exceeds the source's median and its 90th percentile.
            foreach (var exceedance in new[] { 0.5, 0.1 })
            {
                foreach (var target in new[] { 3, 15 })
                {
                    var crossed = Repetitions.Run(n, seed => Cross(ratio, exceedance, target, seed));
                    table.Add($"harm, {ratio} times {exceedance}, {target}:15 a block", n, crossed.Count(c => c.Harm), Alpha);
                    table.Add($"promotion, {ratio} times {exceedance}, {target}:15 a block", n, crossed.Count(c => c.Promotion), Alpha);
                }
            }
        }

        table.Print(output);
        Assert.Empty(table.Exceeded);
    }

    [Fact]
    public void Errors_TargetAtTheMargin_PromotedWithinAlpha()
    {
        var n = Repetitions.Of(2000);
        var table = new FigureTable("promotion at the margin, whole judge and decider");
        foreach (var source in new[] { 0.0, 0.005 })
        {
            var promoted = Repetitions.Run(n, seed =>
            {
                // Alert instead of rollback, or the harm test would hide what the promotion test does.
                var spec = Specs.Ramp(seed, hold: 60) with { OnRegression = RegressionPolicy.Alert, Gates = [Specs.Ramp(seed).Gates[0]] };
                var traffic = new TrafficModel { SourceErrors = _ => source, TargetErrors = _ => source + 0.01 };
                var run = new SimulatedMigration(spec, traffic, seed);
                run.Run(900, static r => r.State.TargetProven);
                return run.State.TargetProven;
            });
            table.Add($"errors {100 * source} % and +1 pp", n, promoted.Count(p => p), Alpha);
        }

        table.Print(output);
        Assert.Empty(table.Exceeded);
    }

    [Fact]
    public void Limit_KnownBinomials_IsTheirQuantile()
    {
        // P(X > 11) = 0.0043 and P(X > 12) = 0.0015, P(X > 13) = 0.0005 for 100 at 5 %.
        Assert.Equal(13, Repetitions.Limit(100, 0.05));
        Assert.Equal(0, Repetitions.Limit(10, 0.00001));
    }

    private static (bool Harm, bool Promotion) Cross(double ratio, double exceedance, int target, int seed)
    {
        var random = new Random(seed);
        var harm = new HarmProcess(ratio, Blocks, new HarmState());
        var promotion = new RatioPromotion(ratio, []);
        var needed = -Math.Log(Alpha);
        bool isWorse = false, isNotWorse = false;
        for (var i = 0; i < Blocks && !(isWorse && isNotWorse); i++)
        {
            var block = new EventBlock(15, Draw(random, 15, exceedance), target, Draw(random, target, exceedance * ratio));
            harm.Fold(block, []);
            promotion.Fold(block);
            isWorse |= harm.Log >= needed;
            isNotWorse |= promotion.Log >= needed;
        }

        return (isWorse, isNotWorse);
    }

    private static int Draw(Random random, int n, double probability)
    {
        var events = 0;
        for (var i = 0; i < n; i++)
        {
            events += random.NextDouble() < probability ? 1 : 0;
        }

        return events;
    }
}
