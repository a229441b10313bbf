using ModelMigrate.Benchmarks.Rollouts.Baselines;
using ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;

namespace ModelMigrate.Tests.Benchmarks.Rollouts;

/// <summary>Kayenta's interval and classification against the values of its own test suite and its users' reports.</summary>
public sealed class MannWhitneyTests
{
    [Fact]
    public void Shift_KayentasOwnCase_SixToThirtyNine()
    {
        // MannWhitneySuite (Apache-2.0): 95 %, estimate 22.5.
        var (low, estimate, high) = MannWhitney.Shift([10, 20, 30, 40], [1, 2, 3, 4], 0.95);
        Assert.Equal(6, low, 1e-3);
        Assert.Equal(22.5, estimate, 0.5);
        Assert.Equal(39, high, 1e-3);
    }

    [Fact]
    public void IsWorse_SevenOfTenHundredTimesWorse_NotFound()
    {
        // spinnaker#6278: seven points of ten are 100 times worse and it passes, because the interval begins at 0.
        double[] control = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
        double[] experiment = [1, 1, 1, 100, 100, 100, 100, 100, 100, 100];
        var (low, estimate, _) = MannWhitney.Shift(experiment, control, 0.98);
        Assert.InRange(low, -1e-3, 1e-3);
        Assert.Equal(99, estimate, 1e-2);
        Assert.False(KayentaRule.IsWorse(experiment, control, worse: 1));
    }

    [Fact]
    public void IsWorse_SparseErrorsAgainstNone_NotFound() =>
        Assert.False(KayentaRule.IsWorse(new double[] { 0, 1, 2, 1, 0, 0 }, new double[6], worse: 1));

    [Fact]
    public void IsWorse_AllPointsDoubled_FoundInTheRightDirection()
    {
        double[] control = [1, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98, 1.01];
        var doubled = control.Select(v => 2 * v).ToArray();
        Assert.True(KayentaRule.IsWorse(doubled, (double[])control.Clone(), worse: 1));
        Assert.False(KayentaRule.IsWorse((double[])doubled.Clone(), (double[])control.Clone(), worse: -1));
        Assert.True(KayentaRule.IsWorse((double[])control.Clone(), (double[])doubled.Clone(), worse: -1));
    }
}
