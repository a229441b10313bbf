using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Statistics;
using ModelMigrate.Tests.Core.Metrics;
using Interval = ModelMigrate.Core.Statistics.Interval;

namespace ModelMigrate.Tests.Core.Statistics;

/// <summary>Estimates, intervals and exact tests against numbers of others; each case of the file is asked.</summary>
public sealed class EstimateTests
{
    private static IEnumerable<JsonElement> Of(string kind) => Oracle.Root("stats_ranking.json").GetProperty("cases").EnumerateArray().Where(row => row.GetProperty("kind").GetString() == kind);

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    [Fact]
    public void Oracle_Kinds_AreAllAsked()
    {
        // Rankings, attempts and calls of tools are asked in the metrics' own tests.
        string[] kinds = ["stderr_mean", "clustered_stderr_C/(C-1)", "sign_test_exact", "sample_size_paired", "mcnemar_exact", "wilson95", "pass_at_k", "ndcg_linear_gain", "precision_at_5", "tool_call_f1"];
        Assert.Empty(Oracle.Root("stats_ranking.json").GetProperty("cases").EnumerateArray().Select(row => row.GetProperty("kind").GetString()!).Except(kinds));
    }

    [Fact]
    public void StandardError_OfTheirValues_IsTheirs()
    {
        var row = Assert.Single(Of("stderr_mean"));
        var estimate = MeanEstimate.Of(Doubles(row.GetProperty("values")));
        Assert.Equal(row.GetProperty("expected").GetDouble(), estimate.StandardError, 12);
        // t with 9 degrees of freedom: 2.26216.
        Assert.Equal(4.5 - (2.2621571627 * estimate.StandardError), estimate.At().Low, 6);
        Assert.Equal(4.5 + (1.8331129327 * estimate.StandardError), estimate.OneSided().High, 6);
    }

    [Fact]
    public void ClusteredStandardError_OfTheirValues_IsTheirs()
    {
        var row = Assert.Single(Of("clustered_stderr_C/(C-1)"));
        var values = Doubles(row.GetProperty("values"));
        var clusters = row.GetProperty("clusters").EnumerateArray().Select(item => item.GetInt32()).ToArray();
        var estimate = MeanEstimate.Clustered(values, clusters);
        Assert.Equal(row.GetProperty("expected").GetDouble(), estimate.StandardError, 12);
        Assert.Equal(3, estimate.DegreesOfFreedom);
        Assert.Equal(row.GetProperty("naive").GetDouble(), MeanEstimate.Of(values).StandardError, 12);
        // A cluster for each value is no clustering, one for all no information.
        Assert.Equal(MeanEstimate.Of(values).StandardError, MeanEstimate.Clustered(values, [.. Enumerable.Range(0, values.Length)]).StandardError, 12);
        Assert.True(double.IsNaN(MeanEstimate.Clustered(values, new int[values.Length]).StandardError));
    }

    [Fact]
    public void PairedStandardError_OfTwoArms_IsByTheirCorrelation()
    {
        double[] source = [1, 0, 1, 1, 0, 1, 0, 1, 1, 0], target = [1, 0, 1, 0, 0, 1, 1, 1, 1, 0];
        var difference = MeanEstimate.Of([.. target.Zip(source, (t, s) => t - s)]);
        var (a, b) = (MeanEstimate.Of(source), MeanEstimate.Of(target));
        var covariance = source.Zip(target, (s, t) => (s - a.Mean) * (t - b.Mean)).Sum() / 9 / 10;
        Assert.Equal(Math.Sqrt((a.StandardError * a.StandardError) + (b.StandardError * b.StandardError) - (2 * covariance)), difference.StandardError, 12);
    }

    [Fact]
    public void PairedStandardError_OfTenPairs_IsFarBelowTheUnpaired()
    {
        // 5 and 7 right of 10, the 5 among the 7: √(0.16/9) and √(0.25/9 + 0.21/9).
        double[] source = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], target = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0];
        var (a, b) = (MeanEstimate.Of(source), MeanEstimate.Of(target));
        Assert.Equal(0.1333, MeanEstimate.Of([.. target.Zip(source, (t, s) => t - s)]).StandardError, 4);
        Assert.Equal(0.2261, Math.Sqrt((a.StandardError * a.StandardError) + (b.StandardError * b.StandardError)), 4);
    }

    [Fact]
    public void Wilson_OfTheirShares_IsTheirInterval()
    {
        var rows = Of("wilson95").ToList();
        Assert.Equal(4, rows.Count);
        foreach (var row in rows)
        {
            var interval = Wilson.Of(row.GetProperty("k").GetInt64(), row.GetProperty("n").GetInt64());
            Assert.Equal(row.GetProperty("ci")[0].GetDouble(), interval.Low, 12);
            Assert.Equal(row.GetProperty("ci")[1].GetDouble(), interval.High, 12);
        }

        Assert.Equal(0.278, Wilson.Of(0, 10).High, 3);
        Assert.Equal(new Interval(0, 1), Wilson.Of(0, 0));
        // z = 1.644854 for 90 %.
        Assert.Equal(0.5 + (1.644854 * Math.Sqrt((0.25 / 10) + (1.644854 * 1.644854 / 400)) / (1 + (1.644854 * 1.644854 / 10))), Wilson.Of(5, 10, 0.9).High, 6);
    }

    [Fact]
    public void McNemar_OfTheirPairs_IsExactAndMidP()
    {
        var rows = Of("mcnemar_exact").ToList();
        Assert.Equal(6, rows.Count);
        foreach (var row in rows)
        {
            var (b, c) = (row.GetProperty("b").GetInt64(), row.GetProperty("c").GetInt64());
            Assert.Equal(row.GetProperty("p").GetDouble(), McNemar.Exact(b, c), 12);
            Assert.Equal(row.GetProperty("midP").GetDouble(), McNemar.MidP(b, c), 12);
            Assert.Equal(McNemar.Exact(b, c), McNemar.Exact(c, b));
        }

        Assert.Equal(0.0625, McNemar.Exact(5, 0), 12);
        Assert.Equal(0.03125, McNemar.MidP(5, 0), 12);
        var sign = Assert.Single(Of("sign_test_exact"));
        Assert.Equal(sign.GetProperty("p").GetDouble(), McNemar.Exact(sign.GetProperty("k").GetInt64(), 0), 12);
    }

    [Fact]
    public void RequiredCases_OfMillersExample_IsHis()
    {
        var row = Assert.Single(Of("sample_size_paired"));
        Assert.Equal(row.GetProperty("n").GetDouble(), RequiredCases.Difference(row.GetProperty("omega2").GetDouble(), row.GetProperty("delta").GetDouble(), row.GetProperty("alpha").GetDouble(), row.GetProperty("power").GetDouble()), 6);
    }

    [Theory]
    [InlineData(0.05, 124, 247, 495, 742)]
    [InlineData(0.02, 773, 1546, 3091, 4637)]
    [InlineData(0.01, 3091, 6183, 12365, 18548)]
    public void RequiredCases_ForAMargin_IsTheTable(double margin, double n05, double n10, double n20, double n30)
    {
        Assert.Equal([n05, n10, n20, n30], new[] { 0.05, 0.1, 0.2, 0.3 }.Select(variance => Math.Round(RequiredCases.NonInferiority(variance, margin))));
        Assert.Equal(double.PositiveInfinity, RequiredCases.NonInferiority(0.2, margin, difference: -margin));
    }

    // Fagerland, Lydersen and Laake 2014 work Tango's interval out for the data of Bentur et al. 2009: 1 and 7 of 21 pairs differ, −0.517 to −0.026.
    [Fact]
    public void PairedShares_OfFagerlandsExample_IsTangosInterval()
    {
        var interval = new PairedShares(OnlyFirst: 7, OnlySecond: 1, Cases: 21).At();
        Assert.Equal((-0.517, -0.026), (Math.Round(interval.Low, 3), Math.Round(interval.High, 3)));
    }

    [Fact]
    public void PairedShares_OfAnyPairs_HoldTheDifferenceAndTurnWithTheArms() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 40)), Arb.From(Gen.Choose(0, 40)), Arb.From(Gen.Choose(1, 100)), (first, second, both) =>
        {
            var n = first + second + both;
            var shares = new PairedShares(first, second, n);
            var (interval, turned, wider) = (shares.At(), new PairedShares(second, first, n).At(), shares.At(0.99));
            Assert.True(interval.Low <= shares.Difference && shares.Difference <= interval.High && interval.Low >= -1 && interval.High <= 1);
            Assert.Equal(-interval.High, turned.Low, 9);
            Assert.True(wider.Low <= interval.Low && wider.High >= interval.High);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Holm_OfTextbookValues_StepsDown()
    {
        // Adjusted by hand: 4·.01, 3·.013 held up to .04, 2·.04, 1·.2.
        Close([0.04, 0.04, 0.08, 0.2], Multiplicity.Holm([0.01, 0.013, 0.04, 0.2]));
        Close([0.2, 0.04, 0.08, 0.04], Multiplicity.Holm([0.2, 0.01, 0.04, 0.013]));
        Close([1, 1], Multiplicity.Holm([0.6, 0.9]));
    }

    [Fact]
    public void BenjaminiHochberg_OfTheirExample_FindsFour()
    {
        // The 15 p-values of their paper's example: at 0.05 four are kept, where Bonferroni keeps three.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        Assert.Equal(4, Multiplicity.BenjaminiHochberg(p).Count(adjusted => adjusted <= 0.05));
        Assert.Equal(3, Multiplicity.Holm(p).Count(adjusted => adjusted <= 0.05));
        Close([0.04, 0.04, 0.04, 0.04], Multiplicity.BenjaminiHochberg([0.01, 0.02, 0.03, 0.04]));
    }

    private static void Close(double[] expected, IReadOnlyList<double> found)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 12);
        }
    }
}
