using ModelMigrate.Core.Judging.Display;

namespace ModelMigrate.Tests.Core.Judging.KnownAnswers;

/// <summary>Asymptotic confidence sequences: growthbook packages/stats/tests/frequentist/test_tests.py (MIT).</summary>
public sealed class GrowthBookTests
{
    private const double Requests = 3000 + 3461;

    [Fact]
    public void OneSided_AbsoluteDifference_MatchesTheirInterval()
    {
        var (difference, error) = Means((1396.87, 52377.9767, 3000), (2422.7, 134698.29, 3461), relative: false);
        Assert.Equal(0.234376667, difference, 1e-8);
        Assert.Equal(0.129830813, error, 1e-8);
        var half = AsymptoticSequence.OneSided(error * Math.Sqrt(Requests), Requests, 0.05);
        Assert.Equal(-0.126568442, difference - half, 1e-8);
        Assert.Equal(0.595321775, difference + half, 1e-8);
    }

    [Fact]
    public void TwoSided_RelativeDifferenceTunedAt1000_MatchesTheirInterval()
    {
        var (lift, error) = Means((1396.87, 52377.9767, 3000), (2422.7, 134698.29, 3461), relative: true);
        var half = AsymptoticSequence.TwoSided(error * Math.Sqrt(Requests), Requests, 0.05, tuned: 1000);
        Assert.Equal(-0.55844, lift - half, 1e-5);
        Assert.Equal(1.56516, lift + half, 1e-5);
    }

    [Fact]
    public void TwoSided_RelativeDifferenceOfProportions_MatchesTheirInterval()
    {
        double a = 1396 / 3000.0, b = 2422 / 3461.0;
        var error = Math.Sqrt((b * (1 - b) / 3461 / (a * a)) + (b * b * a * (1 - a) / 3000 / (a * a * a * a)));
        var half = AsymptoticSequence.TwoSided(error * Math.Sqrt(Requests), Requests, 0.05);
        Assert.Equal(0.50386, (b - a) / a, 1e-5);
        Assert.Equal(0.40098, ((b - a) / a) - half, 1e-5);
        Assert.Equal(0.60675, ((b - a) / a) + half, 1e-5);
    }

    /// <summary>E(Δ0) = exp(ρ²(Δ̂−Δ0)²n/se² / (2(nρ²+1))) / √(nρ²+1) is 1/α exactly at the interval's ends (arXiv 2103.06476).</summary>
    [Theory]
    [InlineData(0.05, 500)]
    [InlineData(0.01, 20_000)]
    public void TwoSided_AtItsEnd_TheEvidenceAgainstIsOneOverAlpha(double alpha, double n)
    {
        const double Error = 0.01;
        var rho2 = (-(2 * Math.Log(alpha)) + Math.Log(1 - (2 * Math.Log(alpha)))) / AsymptoticSequence.Tuned;
        var half = AsymptoticSequence.TwoSided(Error * Math.Sqrt(n), n, alpha);
        var e = Math.Exp(rho2 * half * half * n / (Error * Error) / (2 * ((n * rho2) + 1))) / Math.Sqrt((n * rho2) + 1);
        Assert.Equal(1, e * alpha, 1e-9);
    }

    private static (double Difference, double Error) Means(
        (double Sum, double Squares, double N) a, (double Sum, double Squares, double N) b, bool relative)
    {
        var (ma, va) = Moments(a);
        var (mb, vb) = Moments(b);
        return relative
            ? ((mb - ma) / ma, Math.Sqrt((vb / (ma * ma)) + (mb * mb * va / (ma * ma * ma * ma))))
            : (mb - ma, Math.Sqrt(va + vb));
    }

    private static (double Mean, double Variance) Moments((double Sum, double Squares, double N) x) =>
        (x.Sum / x.N, (x.Squares - (x.Sum * x.Sum / x.N)) / (x.N - 1) / x.N);
}
