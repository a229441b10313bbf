using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>Under the null an e-value's expectation is at most 1: by exact enumeration of small blocks.</summary>
public sealed class ValidityTests
{
    [Theory]
    [InlineData(3, 20, 5)]
    [InlineData(10, 10, 12)]
    [InlineData(2, 50, 40)]
    [InlineData(6, 6, 1)]
    public void Harm_GivenTheBlocksTotal_ExpectationAtMostOne(int target, int source, int events)
    {
        // Exchangeable requests: given the total, the target's events are hypergeometric.
        double expectation = 0, total = 0;
        for (var x = Math.Max(0, events - source); x <= Math.Min(target, events); x++)
        {
            var p = Math.Exp(LogChoose(target, x) + LogChoose(source, events - x) - LogChoose(target + source, events));
            total += p;
            expectation += p * Harm(1, new EventBlock(source, events - x, target, x));
        }

        Assert.Equal(1, total, 1e-9);
        Assert.True(expectation <= 1 + 1e-9, $"{expectation}");
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(1.25, 0.5)]
    [InlineData(1.5, 0.5)]
    [InlineData(1.25, 0.1)]
    [InlineData(1.5, 0.1)]
    [InlineData(1.25, 0.004)]
    public void Harm_AtTheToleratedRatio_ExpectationAtMostOne(double r0, double sourceRate)
    {
        foreach (var (target, source) in new[] { (3, 3), (3, 40), (20, 20), (40, 5) })
        {
            var expectation = Expect(source, sourceRate, target, sourceRate * r0, block => Harm(r0, block));
            Assert.True(expectation <= 1 + 1e-9, $"{target}/{source}: {expectation}");
        }
    }

    [Theory]
    [InlineData(1.5, 0.5)]
    [InlineData(2, 0.5)]
    [InlineData(1.5, 0.1)]
    [InlineData(3, 0.1)]
    public void Promotion_AtTheMarginsRatio_ExpectationAtMostOne(double r0, double sourceRate)
    {
        foreach (var (target, source) in new[] { (3, 3), (3, 40), (20, 20), (40, 5) })
        {
            var expectation = Expect(source, sourceRate, target, sourceRate * r0, block =>
            {
                var process = new RatioPromotion(r0, []);
                process.Fold(block);
                return Math.Exp(process.Log);
            });
            Assert.True(expectation <= 1 + 1e-9, $"{target}/{source}: {expectation}");
        }
    }

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(0.005, 0.01)]
    [InlineData(0.04, 0.02)]
    [InlineData(0.3, 0.04)]
    public void PairedBetting_AtTheMargin_ExpectationIsOne(double sourceRate, double delta)
    {
        // Ten pairs, all splits into lost, even and won.
        var lost = (sourceRate + delta) * (1 - sourceRate);
        var won = (1 - sourceRate - delta) * sourceRate;
        const int N = 10;
        var expectation = 0.0;
        for (var a = 0; a <= N; a++)
        {
            for (var b = 0; a + b <= N; b++)
            {
                var p = Math.Exp(LogChoose(N, a) + LogChoose(N - a, b)) * Math.Pow(lost, a) * Math.Pow(won, b) * Math.Pow(1 - lost - won, N - a - b);
                expectation += p * Math.Exp(PairedBetting.Log(new PairCounts(a, N - a - b, b), delta));
            }
        }

        Assert.Equal(1, expectation, 1e-9);
    }

    private static double Harm(double r0, in EventBlock block)
    {
        var process = new HarmProcess(r0, 100, new HarmState());
        process.Fold(block, []);
        return Math.Exp(process.Log);
    }

    private static double Expect(int source, double sourceRate, int target, double targetRate, Func<EventBlock, double> e)
    {
        var expectation = 0.0;
        for (var x = 0; x <= target; x++)
        {
            for (var y = 0; y <= source; y++)
            {
                expectation += Binomial(target, x, targetRate) * Binomial(source, y, sourceRate) * e(new EventBlock(source, y, target, x));
            }
        }

        return expectation;
    }

    private static double Binomial(int n, int k, double p) => Math.Exp(LogChoose(n, k)) * Math.Pow(p, k) * Math.Pow(1 - p, n - k);

    private static double LogChoose(int n, int k)
    {
        var log = 0.0;
        for (var i = 1; i <= k; i++)
        {
            log += Math.Log((n - k + i) / (double)i);
        }

        return log;
    }
}
