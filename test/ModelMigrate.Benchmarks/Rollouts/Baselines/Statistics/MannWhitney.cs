using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Statistics;

/// <summary>
/// The interval for the shift between two samples that Kayenta's judge reads: the shifts at which the rank sum test with normal
/// approximation, ties and continuity correction turns, found by Brent's method to an absolute 1e-4 (Hollander and Wolfe,
/// Nonparametric Statistical Methods, 4.2–4.3; Brent 1973). Both samples sorted.
/// </summary>
internal static class MannWhitney
{
    private const double Tolerance = 1e-4;

    /// <summary>Shift of <paramref name="experiment"/> against <paramref name="control"/>: interval and Hodges-Lehmann estimate.</summary>
    public static (double Low, double Estimate, double High) Shift(ReadOnlySpan<double> experiment, ReadOnlySpan<double> control, double confidence)
    {
        var least = experiment[0] - control[^1];
        var most = experiment[^1] - control[0];
        var quantile = Normal.Quantile(1 - ((1 - confidence) / 2));
        var low = Root(experiment, control, quantile, least, most, corrected: true);
        var high = Root(experiment, control, -quantile, least, most, corrected: true);
        var estimate = Root(experiment, control, 0, least, most, corrected: false);
        return (low, estimate, high);
    }

    /// <summary>Standardised rank sum of the experiment less <paramref name="shift"/>, minus <paramref name="quantile"/>. Falls as the shift grows.</summary>
    private static double Excess(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double shift, double quantile, bool corrected)
    {
        // One pass over both sorted samples counts the pairs won and the ties.
        double won = 0, ties = 0;
        int i = 0, j = 0;
        while (i < x.Length || j < y.Length)
        {
            var value = i == x.Length ? y[j] : j == y.Length ? x[i] - shift : Math.Min(x[i] - shift, y[j]);
            int fromX = 0, fromY = 0, before = j;
            for (; i < x.Length && x[i] - shift == value; i++)
            {
                fromX++;
            }

            for (; j < y.Length && y[j] == value; j++)
            {
                fromY++;
            }

            won += fromX * (before + (0.5 * fromY));
            double tied = fromX + fromY;
            ties += (tied * tied * tied) - tied;
        }

        double m = x.Length, n = y.Length;
        var above = won - (m * n / 2);
        var sigma = Math.Sqrt(m * n / 12 * (m + n + 1 - (ties / ((m + n) * (m + n - 1)))));
        var z = (above - (corrected ? Math.Sign(above) * 0.5 : 0)) / sigma;
        return double.IsNaN(z) ? -quantile : z - quantile;
    }

    /// <summary>Brent's root of <see cref="Excess"/> between two shifts, or the end at which it has not turned.</summary>
    private static double Root(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double quantile, double from, double to, bool corrected)
    {
        double a = from, b = to;
        var fa = Excess(x, y, a, quantile, corrected);
        if (fa <= 0)
        {
            return from;
        }

        var fb = Excess(x, y, b, quantile, corrected);
        if (fb >= 0)
        {
            return to;
        }

        double c = a, fc = fa;
        for (var round = 0; round < 1000; round++)
        {
            var previous = b - a;
            if (Math.Abs(fc) < Math.Abs(fb))
            {
                (a, b, c) = (b, c, b);
                (fa, fb, fc) = (fb, fc, fb);
            }

            var close = (2 * 2.220446049250313e-16 * Math.Abs(b)) + (Tolerance / 2);
            var half = (c - b) / 2;
            if (Math.Abs(half) <= close || fb == 0)
            {
                return b;
            }

            var step = half;
            if (Math.Abs(previous) >= close && Math.Abs(fa) > Math.Abs(fb))
            {
                step = Interpolate(a, b, c, fa, fb, fc, half, close, previous);
            }

            if (Math.Abs(step) < close)
            {
                step = step > 0 ? close : -close;
            }

            (a, fa) = (b, fb);
            b += step;
            fb = Excess(x, y, b, quantile, corrected);
            if ((fb > 0) == (fc > 0))
            {
                (c, fc) = (a, fa);
            }
        }

        return b;
    }

    /// <summary>Secant or inverse quadratic step when it is safe, else the bisection.</summary>
    private static double Interpolate(double a, double b, double c, double fa, double fb, double fc, double half, double close, double previous)
    {
        double p, q;
        var cb = c - b;
        if (a == c)
        {
            var t = fb / fa;
            (p, q) = (cb * t, 1 - t);
        }
        else
        {
            var t = fa / fc;
            var u = fb / fc;
            var v = fb / fa;
            p = v * ((cb * t * (t - u)) - ((b - a) * (u - 1)));
            q = (t - 1) * (u - 1) * (v - 1);
        }

        (p, q) = p > 0 ? (p, -q) : (-p, q);
        return p < (0.75 * cb * q) - (Math.Abs(close * q) / 2) && p < Math.Abs(previous * q / 2) ? p / q : half;
    }
}
