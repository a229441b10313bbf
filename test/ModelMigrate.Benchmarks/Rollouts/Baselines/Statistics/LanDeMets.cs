using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;

/// <summary>
/// One-sided group-sequential boundaries by Lan and DeMets' spending of O'Brien and Fleming's kind, α(t) = 2 − 2Φ(z_{α/2}/√t)
/// (Biometrika 70, 1983), worked out by recursive integration over the score (Armitage, McPherson and Rowe 1969).
/// </summary>
internal static class LanDeMets
{
    private const int Points = 801;
    private const double Farthest = 8;

    /// <summary>α spent by information <paramref name="fraction"/>.</summary>
    public static double Spent(double alpha, double fraction) =>
        2 - (2 * Normal.Cumulative(Normal.Quantile(1 - (alpha / 2)) / Math.Sqrt(Math.Min(1, fraction))));

    /// <summary>The z that each look must exceed, for growing information <paramref name="fractions"/> that end at 1.</summary>
    public static double[] Boundaries(double alpha, ReadOnlySpan<double> fractions)
    {
        var z = new double[fractions.Length];
        double[]? density = null;
        double[] grid = [];
        for (var k = 0; k < z.Length; k++)
        {
            var spend = Spent(alpha, fractions[k]) - (k == 0 ? 0 : Spent(alpha, fractions[k - 1]));
            var scale = Math.Sqrt(fractions[k]);
            var step = Math.Sqrt(fractions[k] - (k == 0 ? 0 : fractions[k - 1]));
            double low = -Farthest, high = Farthest * 2;
            for (var i = 0; i < 80; i++)
            {
                var middle = (low + high) / 2;
                var crosses = density is null ? Normal.Cumulative(-middle) : Crossing(grid, density, middle * scale, step);
                (low, high) = crosses > spend ? (middle, high) : (low, middle);
            }

            z[k] = (low + high) / 2;
            var next = Grid(-Farthest * scale, z[k] * scale);
            density = [.. next.Select(y => density is null ? Density(y / scale) / scale : Convolve(grid, density, y, step))];
            grid = next;
        }

        return z;
    }

    private static double[] Grid(double from, double to) => [.. Enumerable.Range(0, Points).Select(i => from + ((to - from) * i / (Points - 1)))];

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    private static double Crossing(double[] grid, double[] density, double bound, double step) =>
        Simpson(grid, i => density[i] * Normal.Cumulative((grid[i] - bound) / step));

    private static double Convolve(double[] grid, double[] density, double at, double step) =>
        Simpson(grid, i => density[i] * Density((at - grid[i]) / step) / step);

    private static double Simpson(double[] grid, Func<int, double> value)
    {
        var sum = value(0) + value(Points - 1);
        for (var i = 1; i < Points - 1; i++)
        {
            sum += value(i) * (i % 2 == 1 ? 4 : 2);
        }

        return sum * (grid[1] - grid[0]) / 3;
    }
}
