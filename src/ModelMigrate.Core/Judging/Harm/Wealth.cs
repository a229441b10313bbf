using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// The recursion A_j ← LR_j·(A_j + π) on all ratios of the grid at once. Wealth is kept as A_j = a_j·e^scale, and the scale is 0 unless the
/// largest would leave a double's range; what is lost at the small end is below 10⁻¹⁰⁰ of what decides. A grid has a multiple of four bets.
/// </summary>
internal static class Wealth
{
    public const int Size = RatioGrid.HarmSize;

    /// <summary>Natural logarithm beyond which the scale takes over.</summary>
    private const double Most = 300;

    /// <summary>
    /// Likelihood ratios of a block's events, LR_j = (θ_j/θ_0)^x_T·((1−θ_j)/(1−θ_0))^x_S, divided by e^shift. Answers the shift, 0 unless a
    /// ratio would leave a double's range.
    /// </summary>
    public static double Ratios(double share, double r0, long targetEvents, long sourceEvents, Span<double> ratios)
    {
        var basis = (share * r0) + 1 - share;
        var slope = Vector256.Create(share * r0 / basis);
        var offset = Vector256.Create((1 - share) / basis);
        var target = Vector256.Create((double)targetEvents);
        var all = Vector256.Create((double)(targetEvents + sourceEvents));
        ref var logs = ref MemoryMarshal.GetReference(RatioGrid.HarmLogs);
        ref var grid = ref MemoryMarshal.GetReference(RatioGrid.HarmRatios);
        ref var into = ref MemoryMarshal.GetReference(ratios[..Size]);
        var most = Vector256.Create(double.NegativeInfinity);
        for (nuint j = 0; j < Size; j += (nuint)Vector256<double>.Count)
        {
            var log = (target * Vector256.LoadUnsafe(ref logs, j)) - (all * Vector256.Log((slope * Vector256.LoadUnsafe(ref grid, j)) + offset));
            most = Vector256.Max(most, log);
            log.StoreUnsafe(ref into, j);
        }

        var highest = Math.Max(Math.Max(most[0], most[1]), Math.Max(most[2], most[3]));
        var shift = highest > Most ? highest : 0;
        for (nuint j = 0; j < Size; j += (nuint)Vector256<double>.Count)
        {
            Vector256.Exp(Vector256.LoadUnsafe(ref into, j) - Vector256.Create(shift)).StoreUnsafe(ref into, j);
        }

        return shift;
    }

    /// <summary>Exponentials of <paramref name="logs"/> divided by e^shift. Answers the shift, 0 unless one would leave a double's range.</summary>
    public static double Exponentials(ReadOnlySpan<double> logs, Span<double> ratios)
    {
        var highest = double.NegativeInfinity;
        foreach (var log in logs)
        {
            highest = Math.Max(highest, log);
        }

        var shift = highest > Most ? highest : 0;
        for (var j = 0; j < logs.Length; j++)
        {
            ratios[j] = Math.Exp(logs[j] - shift);
        }

        return shift;
    }

    /// <summary>Places <paramref name="mass"/> on every ratio and lets a block's ratios fall on it.</summary>
    public static void Step(Span<double> wealth, ref double scale, double mass, ReadOnlySpan<double> ratios, double shift)
    {
        ref var at = ref MemoryMarshal.GetReference(wealth);
        ref var ratio = ref MemoryMarshal.GetReference(ratios[..wealth.Length]);
        var placed = Vector256.Create(scale == 0 ? mass : mass * Math.Exp(-scale));
        var most = Vector256<double>.Zero;
        for (nuint j = 0; j < (nuint)wealth.Length; j += (nuint)Vector256<double>.Count)
        {
            var next = (Vector256.LoadUnsafe(ref at, j) + placed) * Vector256.LoadUnsafe(ref ratio, j);
            most = Vector256.Max(most, next);
            next.StoreUnsafe(ref at, j);
        }

        scale += shift;
        var highest = Math.Max(Math.Max(most[0], most[1]), Math.Max(most[2], most[3]));
        if (scale != 0 || highest > 1e130)
        {
            Rescale(wealth, ref scale, highest);
        }
    }

    /// <summary>ln of the mean wealth over the ratios and what lies outside the bets.</summary>
    public static double Log(ReadOnlySpan<double> wealth, double scale, double outside)
    {
        ref var at = ref MemoryMarshal.GetReference(wealth);
        var sum = Vector256<double>.Zero;
        for (nuint j = 0; j < (nuint)wealth.Length; j += (nuint)Vector256<double>.Count)
        {
            sum += Vector256.LoadUnsafe(ref at, j);
        }

        var mean = Vector256.Sum(sum) / wealth.Length;
        return scale == 0 ? Math.Log(mean + outside) : LogMath.Add(Math.Log(mean) + scale, Math.Log(outside));
    }

    private static void Rescale(Span<double> wealth, ref double scale, double highest)
    {
        var total = Math.Log(highest) + scale;
        var (factor, next) = total <= Most ? (Math.Exp(scale), 0) : (1 / highest, total);
        foreach (ref var each in wealth)
        {
            each *= factor;
        }

        scale = next;
    }
}
