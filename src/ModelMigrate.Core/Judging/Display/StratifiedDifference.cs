using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>
/// The difference of event shares, stratified by block so that a ramp during an outage does not bias it: the Mantel-Haenszel risk
/// difference with Sato's variance, which also holds for blocks of a few requests (Sato, Biometrics 45, 1989).
/// </summary>
/// <param name="Weight">Σ h, h = n_T·n_S/(n_T + n_S).</param>
/// <param name="Difference">Σ h·(p_T − p_S).</param>
/// <param name="P">Sato's Σ P.</param>
/// <param name="Q">Sato's Σ Q.</param>
/// <param name="Requests">Requests of both arms.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StratifiedDifference(double Weight, double Difference, double P, double Q, double Requests)
{
    /// <summary>Target − source, or null without data.</summary>
    public double? Effect => Weight > 0 ? Difference / Weight : null;

    internal double StandardError => Weight > 0 ? Math.Sqrt(Math.Max(0, (Difference / Weight * P) + Q)) / Weight : double.NaN;

    /// <summary>Both together.</summary>
    public static StratifiedDifference operator +(in StratifiedDifference a, in StratifiedDifference b) =>
        new(a.Weight + b.Weight, a.Difference + b.Difference, a.P + b.P, a.Q + b.Q, a.Requests + b.Requests);

    /// <summary>Of one block; nothing where an arm is missing.</summary>
    internal static StratifiedDifference Of(in EventBlock block)
    {
        if (!block.Compares)
        {
            return default;
        }

        double n1 = block.TargetExposures, n0 = block.SourceExposures, a = block.TargetEvents, b = block.SourceEvents;
        var n = n1 + n0;
        return new StratifiedDifference(
            n1 * n0 / n,
            ((a * n0) - (b * n1)) / n,
            ((n1 * n1 * b) - (n0 * n0 * a) + (n1 * n0 * (n0 - n1) / 2)) / (n * n),
            ((a * (n0 - b)) + (b * (n1 - a))) / (2 * n),
            n);
    }
}
