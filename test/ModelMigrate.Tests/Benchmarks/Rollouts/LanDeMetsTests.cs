using ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;

namespace ModelMigrate.Tests.Benchmarks.Rollouts;

/// <summary>Spending and boundaries against published values.</summary>
public sealed class LanDeMetsTests
{
    [Theory]
    [InlineData(0.5, 0.001525323)]
    [InlineData(0.75, 0.009649325)]
    [InlineData(1, 0.025)]
    public void Spent_LrstatsCase_ItsValues(double fraction, double spent) => Assert.Equal(spent, LanDeMets.Spent(0.025, fraction), 1e-9);

    [Fact]
    public void Boundaries_FiveEqualLooks_PublishedTable()
    {
        // Lan-DeMets with O'Brien-Fleming spending, two-sided 0.05 as one-sided 0.025; ldBounds and Jennison and Turnbull print these.
        double[] expected = [4.8769, 3.3569, 2.6803, 2.2898, 2.0310];
        var z = LanDeMets.Boundaries(0.025, [0.2, 0.4, 0.6, 0.8, 1]);
        Assert.All(expected.Zip(z), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
    }

    [Fact]
    public void Boundaries_OneLook_FixedSample() => Assert.Equal(1.959964, LanDeMets.Boundaries(0.025, [1])[0], 1e-5);
}
