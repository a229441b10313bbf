using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Tests.Core.Statistics;

/// <summary>Agreement of raters and the share at equal length, against published figures and figures that are worked out here.</summary>
public sealed class AgreementTests
{
    /// <summary>Krippendorff 2011, his data of four observers and twelve units; 0 stands for no rating.</summary>
    private static readonly int[][] s_observers =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];

    private static IEnumerable<IReadOnlyList<double>> Units => Enumerable.Range(0, 12).Select(unit => (IReadOnlyList<double>)[.. s_observers.Select(observer => (double)observer[unit]).Where(rating => rating > 0)]);

    [Fact]
    public void Kappa_OfFourCounts_IsCohens()
    {
        // 20 both yes, 15 both no, 5 and 10 apart: p_o = 0.7, p_e = 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
        var cases = Cases(1, 1, 20).Concat(Cases(1, 0, 5)).Concat(Cases(0, 1, 10)).Concat(Cases(0, 0, 15)).ToList();
        Assert.Equal(0.4, Agreement.Kappa(cases), 12);
        Assert.Equal(double.NaN, Agreement.Kappa([]));
        // Both always say the same one thing: chance would agree as well.
        Assert.Equal(double.NaN, Agreement.Kappa([.. Cases(1, 1, 9)]));
        Assert.Equal(1, Agreement.Kappa([(0, 0), (1, 1)]));
        Assert.Equal(-1, Agreement.Kappa([(0, 1), (1, 0)]));
    }

    [Fact]
    public void Alpha_OfKrippendorffsData_IsHis()
    {
        Assert.Equal(0.743, Agreement.Alpha(Units, areNumbers: false), 3);
        Assert.Equal(0.849, Agreement.Alpha(Units, areNumbers: true), 3);
        // Two observers, ten units, 0 or 1 (the same paper).
        int[] one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], two = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(0.095, Agreement.Alpha(one.Zip(two, (a, b) => (IReadOnlyList<double>)[a, b]), areNumbers: false), 3);
        Assert.Equal(double.NaN, Agreement.Alpha([[1.0], [2.0]], areNumbers: false));
    }

    [Fact]
    public void AgreementOfTwo_WhoeverIsFirst_IsTheSame() => Prop.ForAll<(bool, bool)[]>(pairs =>
    {
        var cases = pairs.Select(pair => (pair.Item1 ? 1 : 0, pair.Item2 ? 1 : 0)).ToList();
        var kappa = Agreement.Kappa(cases);
        Assert.Equal(kappa, Agreement.Kappa([.. cases.Select(pair => (pair.Item2, pair.Item1))]), 12);
        Assert.False(kappa > 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AdjustedShare_OfTwoDifferences_IsTheMiddleOfTheirLogits()
    {
        // With only +d and −d the regression meets both shares: logit 0.8 = a + bt and logit 0.4 = a − bt, so a = (ln 4 + ln ⅔) / 2 = 0.490415, a share of 0.620204.
        var (shares, differences) = (new List<double>(), new List<double>());
        for (var i = 0; i < 10; i++)
        {
            shares.AddRange([i < 8 ? 1 : 0, i < 4 ? 1 : 0]);
            differences.AddRange([300, -300]);
        }

        var adjusted = AdjustedShare.Of(shares, differences);

        Assert.Equal(1 / (1 + Math.Exp(-(Math.Log(4) + Math.Log(2 / 3.0)) / 2)), adjusted.Value!.Value, 9);
        Assert.Equal(0.620204, adjusted.Value.Value, 6);
        // tanh(300 / sd) with sd = 300 · √(20/19).
        Assert.Equal((Math.Log(4) - Math.Log(2 / 3.0)) / 2 / Math.Tanh(1 / Math.Sqrt(20 / 19.0)), adjusted.Slope!.Value, 9);
        // The sandwich of two groups of ten: Var a = (1/(10 · 0.8 · 0.2) + 1/(10 · 0.4 · 0.6)) / 4 = 0.260417.
        var half = 1.959963984540054 * Math.Sqrt(((1 / 1.6) + (1 / 2.4)) / 4);
        Assert.Equal(LogisticFit.Share(0.490414626505863 - half), adjusted.Interval!.Value.Low, 9);
        Assert.Equal(LogisticFit.Share(0.490414626505863 + half), adjusted.Interval.Value.High, 9);
    }

    [Fact]
    public void AdjustedShare_OfEqualLengths_IsTheMean() => Assert.Equal(0.7, AdjustedShare.Of([1, 1, 1, 1, 1, 1, 1, 0, 0, 0], [.. Enumerable.Repeat(5.0, 10)]).Value!.Value, 9);

    /// <summary>A judge that only looks at the length: among answers of equal length it would prefer nobody, but the regression has no end.</summary>
    [Fact]
    public void AdjustedShare_OfWhatLengthTellsWithoutError_IsNotKnown() => Assert.Equal(AdjustedShare.None, AdjustedShare.Of([1, 1, 1, 0, 0, 0], [1, 2, 3, -1, -2, -3]));

    [Fact]
    public void AdjustedShare_OfLengthAndNothingElse_IsAHalf()
    {
        // Longer is preferred three times in four, to either side.
        double[] shares = [1, 1, 1, 0, 0, 0, 0, 1], differences = [10, 10, 10, 10, -10, -10, -10, -10];
        Assert.Equal(0.5, AdjustedShare.Of(shares, differences).Value!.Value, 9);
        // And of 12 longer ones beside 4 shorter ones it is no more, though the mean says ⅝.
        double[] more = [.. shares[..4], .. shares[..4], .. shares], lengths = [.. differences[..4], .. differences[..4], .. differences];
        Assert.Equal(0.625, more.Average());
        Assert.Equal(0.5, AdjustedShare.Of(more, lengths).Value!.Value, 9);
    }

    [Fact]
    public void Wilson_OfHalves_IsNeverNarrowerThanOfWholes()
    {
        Assert.Equal(Wilson.Of(5, 10), Wilson.Of(5.0, 10));
        // Ten ties: what they say is known, what the next ten say is not.
        Assert.Equal(0.2366, Wilson.Of(5.0, 10).Low, 4);
    }

    private static IEnumerable<(int, int)> Cases(int first, int second, int count) => Enumerable.Repeat((first, second), count);
}
