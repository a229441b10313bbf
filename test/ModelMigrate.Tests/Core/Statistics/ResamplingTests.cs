using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Tests.Core.Metrics;
using Interval = ModelMigrate.Core.Statistics.Interval;

namespace ModelMigrate.Tests.Core.Statistics;

public sealed class ResamplingTests
{
    [Fact]
    public void Signs_OfFewDifferences_AreAllTried()
    {
        // Of the 8 assignments of 1, 2, 3 only all plus and all minus reach 6; of 1, 2, −3 every one reaches 0.
        Assert.Equal(new PairedPermutation(2 / 8.0, 8, IsExact: true, 1), PairedPermutation.OfSigns([1, 2, 3], seed: 1));
        Assert.Equal(1, PairedPermutation.OfSigns([1, 2, -3], seed: 1).P);
        Assert.Equal(1, PairedPermutation.OfSigns([0, 0], seed: 1).P);
        // Equal signs are the sign test.
        Assert.Equal(McNemar.Exact(9, 0), PairedPermutation.OfSigns(Enumerable.Repeat(1.0, 9).ToArray(), seed: 1).P, 12);
    }

    [Fact]
    public void Signs_OfManyDifferences_AreNearTheExactTest()
    {
        // 40 pairs of which 27 are plus: the sign test's p is 0.0385.
        double[] differences = [.. Enumerable.Range(0, 40).Select(i => i < 27 ? 1.0 : -1.0), 0, 0];
        var drawn = PairedPermutation.OfSigns(differences, seed: 7, rounds: 100_000);
        Assert.False(drawn.IsExact);
        Assert.InRange(drawn.P, McNemar.Exact(27, 13) - 0.003, McNemar.Exact(27, 13) + 0.003);
        Assert.Equal(drawn, PairedPermutation.OfSigns(differences, seed: 7, rounds: 100_000));
        Assert.NotEqual(drawn.P, PairedPermutation.OfSigns(differences, seed: 8, rounds: 100_000).P);
        Assert.Equal((1 + 0.0) / 10_001, PairedPermutation.OfSigns(Enumerable.Repeat(1.0, 60).ToArray(), seed: 1).P, 12);
    }

    [Fact]
    public void Bootstrap_OfANearlyNormalMean_IsNearStudentsInterval()
    {
        var draws = new SeededDraws(3);
        var differences = Enumerable.Range(0, 400).Select(_ => 0.1 + draws.Normal()).ToArray();
        var bootstrap = Bootstrap.Of(CountTable.OfDifferences(differences), seed: 11, rounds: 4000);
        var t = MeanEstimate.Of(differences);
        Assert.Equal(t.Mean, bootstrap.Estimate, 12);
        Assert.InRange(bootstrap.StandardError / t.StandardError, 0.95, 1.05);
        Assert.InRange(bootstrap.At().Low, t.At().Low - (0.15 * t.StandardError), t.At().Low + (0.15 * t.StandardError));
        Assert.InRange(bootstrap.At().High, t.At().High - (0.15 * t.StandardError), t.At().High + (0.15 * t.StandardError));
        Assert.Equal((11u, 4000), (bootstrap.Seed, bootstrap.Rounds));
    }

    /// <summary>
    /// Efron and Tibshirani 1993, table 14.2: 26 spatial test values, of which the biased variance is 171.5 and the BCa interval of 90 % from 2,000 draws
    /// is 115.8 to 259.6; the plain one 100.8 to 233.9. Other draws move the ends by a few.
    /// </summary>
    [Fact]
    public void Bootstrap_OfEfronsVariance_IsHisBcaInterval()
    {
        double[] values = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
        double[] ones = [.. values.SelectMany(value => new[] { value, value * value, 1 })];
        // The first arm is zero everywhere, so that the difference is the variance of the second.
        var table = CountTable.OfArms(new double[ones.Length], ones, width: 3, sums => sums[2] == 0 ? 0 : (sums[1] / sums[2]) - Math.Pow(sums[0] / sums[2], 2));
        var bootstrap = Bootstrap.Of(table, seed: 1, rounds: 20_000);
        Assert.Equal(171.5, bootstrap.Estimate, 1);
        Assert.InRange(bootstrap.At(0.9).Low, 112, 120);
        Assert.InRange(bootstrap.At(0.9).High, 252, 268);
    }

    [Fact]
    public void Bootstrap_OfTheSameSeed_IsTheSameNumbers() => Prop.ForAll(Arb.From(Gen.Choose(0, 1000)), Arb.From(Gen.Choose(-5, 5).NonEmptyListOf()), (seed, values) =>
    {
        var table = CountTable.OfDifferences([.. values.Select(value => (double)value)]);
        var (first, second) = (Bootstrap.Of(table, (uint)seed, rounds: 50), Bootstrap.Of(table, (uint)seed, rounds: 50));
        Assert.Equal(first.At(), second.At());
        Assert.True(first.At().Low <= first.At().High && first.At().Low >= values.Min() && first.At().High <= values.Max());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Corpus_OfTwoArms_IsDrawnByCases()
    {
        var bleu = Oracle.Metric("bleu").Corpus!;
        var (first, second) = (new List<double>(), new List<double>());
        var counts = new double[bleu.Width];
        for (var i = 0; i < 60; i++)
        {
            var reference = string.Join(' ', Enumerable.Range(0, 12).Select(j => $"w{(i * 7 + j * j) % 23}"));
            Assert.Null(bleu.Count(Oracle.Sample(reference, reference), counts));
            second.AddRange(counts);
            Assert.Null(bleu.Count(Oracle.Sample(i % 3 == 0 ? reference[..^8] + " x y z" : reference, reference), counts));
            first.AddRange(counts);
        }

        var better = CountTable.OfArms([.. first], [.. second], bleu.Width, bleu.Corpus);
        var same = CountTable.OfArms([.. first], [.. first], bleu.Width, bleu.Corpus);
        var bootstrap = Bootstrap.Of(better, seed: 1, rounds: 1000);
        Assert.True(bootstrap.At().Low > 0 && bootstrap.Estimate > 0);
        Assert.True(bootstrap.PValue() < 0.01);
        Assert.True(PairedPermutation.OfArms(better, seed: 1, rounds: 1000).P < 0.01);
        Assert.Equal(1, PairedPermutation.OfArms(same, seed: 1, rounds: 200).P);
        Assert.Equal(new Interval(0, 0), Bootstrap.Of(same, seed: 1, rounds: 200).At());
    }

    /// <summary>Over many data sets without a difference, a test at 5 % says so in about 5 %.</summary>
    [Fact]
    public void Signs_WithoutADifference_KeepTheirLevel()
    {
        var (rejected, draws) = (0, new SeededDraws(5));
        for (var set = 0; set < 1000; set++)
        {
            var differences = Enumerable.Range(0, 30).Select(_ => Math.Pow(draws.Normal(), 3)).ToArray();
            rejected += PairedPermutation.OfSigns(differences, seed: (uint)set, rounds: 499).P <= 0.05 ? 1 : 0;
        }

        Assert.InRange(rejected, 30, 72);
    }
}
