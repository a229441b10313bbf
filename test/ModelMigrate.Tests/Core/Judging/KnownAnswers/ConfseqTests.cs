using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging.KnownAnswers;

/// <summary>Time-uniform bounds: confseq test/uniform_boundaries_unittest.cpp (MIT), optimised at 100 with α 0.05 unless given.</summary>
public sealed class ConfseqTests
{
    private const double Within = 1e-5;

    [Fact]
    public void Normal_TwoSided_MatchesTheirRhoAndBound()
    {
        Assert.Equal(12.60056, BetaBinomialMixture.BestRho(100, 0.05), Within);
        // The asymptotic sequence is the normal mixture: its sum at n steps of deviation 1.
        Assert.Equal(30.35209, 100 * AsymptoticSequence.TwoSided(1, 100, 0.05, tuned: 100), Within);
    }

    [Theory]
    [InlineData(false, -0.6941012, 31.4308)]
    [InlineData(true, -0.07134019, 28.41238)]
    public void BetaBinomial_StepsOfFifths_MatchesTheirMixtureAndBound(bool oneSided, double log, double bound)
    {
        var mixture = new BetaBinomialMixture(100, 0.05, 0.2, 0.8, oneSided);
        Assert.Equal(log, mixture.Log(10, 100), Within);
        Assert.Equal(bound, mixture.Bound(100, 0.05), Within);
    }

    [Fact]
    public void BetaBinomial_TwoStepsIn_BoundIsTheLargestPossibleSum() =>
        Assert.Equal(2 * 0.8, new BetaBinomialMixture(100, 0.05, 0.2, 0.8, oneSided: true).Bound(2 * 0.2 * 0.8, 0.05), Within);

    [Theory]
    [InlineData(700, 1000, 100, 0.651629, 0.745949)]
    [InlineData(15, 50, 50, 0.129556, 0.511896)]
    [InlineData(5, 50, 50, 0.013021, 0.269264)]
    [InlineData(1, 50, 50, 0, 0.13489)]
    [InlineData(1, 2, 50, 0, 1)]
    [InlineData(100, 200, 1, 0.328923, 0.671076)]
    [InlineData(0, 1, 50, 0, 1)]
    [InlineData(1, 1, 50, 0, 1)]
    public void ShareSequence_KnownCounts_MatchesTheirBernoulliInterval(int events, int requests, double tuned, double low, double high)
    {
        var (foundLow, foundHigh) = ShareSequence.Of(events, requests, 0.05, tuned);
        Assert.Equal(low, foundLow, Within);
        Assert.Equal(high, foundHigh, Within);
    }

    /// <summary>Their QuantileABTest of 1..1000 against 1+shift..1000+shift, computed from our mixture.</summary>
    [Theory]
    [InlineData(0.5, 70, 0.814704)]
    [InlineData(0.5, 85, 0.0838055)]
    [InlineData(0.5, 100, 0.0054947)]
    [InlineData(0.9, 55, 0.0340463)]
    public void BetaBinomial_TwoShiftedSamples_GivesTheirQuantileTestsPValue(double p, int shift, double expected)
    {
        const int N = 1000;
        var mixture = new BetaBinomialMixture(100 * p * (1 - p), 0.05, p, 1 - p, oneSided: false);
        double G(double below) => mixture.Log((below - p) * N, p * (1 - p) * N);
        double low = 0, high = 1;
        for (var i = 0; i < 200; i++)
        {
            var (a, b) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = G(a) < G(b) ? (low, b) : (a, high);
        }

        // Each arm's evidence is flat at its least between the two order statistics around it.
        double Arm(int x, int offset)
        {
            var least = low * N;
            var belowOrAt = Math.Clamp(x - offset, 0, N);
            var below = Math.Clamp(x - offset - 1, 0, N);
            return x < Math.Ceiling(least) + offset ? G(belowOrAt / (double)N) : x > Math.Floor(least) + 1 + offset ? G(below / (double)N) : G(low);
        }

        var smallest = Enumerable.Range(1, N + shift).Min(x => Arm(x, 0) + Arm(x, shift));
        Assert.Equal(expected, Math.Min(1, Math.Exp(-smallest)), Within);
    }

    [Fact]
    public void QuantileSequence_Median_HoldsTheOrderStatisticsAtItsWidths()
    {
        // One answer in each bucket from 100 to 199, a hundred times: the empirical quantile of rank r is bucket 100 + r/100.
        var latency = new LatencyHistogram([.. Enumerable.Range(100, 100).Select(i => (ushort)i)], [.. Enumerable.Repeat(100, 100)]);
        var (low, high) = QuantileSequence.Of(latency, 0.5);
        var width = new BetaBinomialMixture(0.25 * 500, 0.025, 0.5, 0.5, oneSided: true).Bound(0.25 * 10_000, 0.025) / 10_000;
        Assert.InRange(width, 0.015, 0.025);
        Assert.Equal(latency.Quantile(0.5 - width), low);
        Assert.Equal(latency.Quantile(0.5 + width), high);
        Assert.True(low < latency.Quantile(0.5) && latency.Quantile(0.5) < high);
    }

    [Fact]
    public void QuantileSequence_FewAnswers_BoundsNothing()
    {
        Assert.Equal((null, null), QuantileSequence.Of(LatencyHistogram.Empty, 0.5));
        Assert.Equal((null, null), QuantileSequence.Of(new LatencyHistogram([100], [2]), 0.5));
        Assert.Null(QuantileSequence.Of(new LatencyHistogram([100], [40]), 0.99).High);
    }

    /// <summary>Their predmix_empbern_lower_cs at α/2 on x and on 1 − x (not their wrapper, which halves α twice), by a separate program.</summary>
    [Theory]
    [InlineData(10, 0.059374999999999956, -1, 1)]
    [InlineData(100, 0.07250000000000001, -0.10466562619372766, 0.24942419221802758)]
    [InlineData(1000, 0.07278125000000002, 0.03156019891754913, 0.11439499861959734)]
    public void BernsteinSequence_OnePairABlock_MatchesThePredictableMixture(int pairs, double effect, double low, double high)
    {
        var sequence = default(BernsteinSequence);
        for (var i = 1; i <= pairs; i++)
        {
            sequence = sequence.Add([(ushort)((7 * i % 33 * 33) + (((5 * i * i) + 3) % 33))], [1]);
        }

        Assert.Equal(effect, sequence.Effect!.Value, 1e-12);
        Assert.Equal(low, sequence.Low, 1e-9);
        Assert.Equal(high, sequence.High, 1e-9);
    }
}
