using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Gates;

/// <summary>What all kinds of gates decide alike: from evidence, and from what stands in its way.</summary>
internal sealed class GateRule(JudgeSpec spec, GateSpec gate)
{
    public GateSpec Gate => gate;

    public double HarmAlpha { get; } = spec.HarmAlpha(gate);

    public double PromoteAlpha => spec.PromoteAlpha;

    /// <summary>The margin factors that promotion is judged at, ascending, with the final one.</summary>
    public double[] Factors { get; } = [.. spec.MarginFactors.Append(1).Distinct().Order()];

    /// <summary>ln of the e-value that harm needs.</summary>
    public double HarmNeeded => -Math.Log(HarmAlpha);

    /// <summary>ln of the e-value that a promotion needs.</summary>
    public double PromoteNeeded => -Math.Log(PromoteAlpha);

    public bool HasAlphas => IsAlpha(HarmAlpha) && IsAlpha(PromoteAlpha);

    /// <summary>
    /// The verdict. Whatever <paramref name="note"/> says stands in the way of both decisions; data that stopped coming stand in the way of
    /// a promotion only.
    /// </summary>
    public static Verdict Decide(bool compares, string? note, bool harm, bool promote, bool starved) =>
        !compares ? Verdict.NoData
        : note is not null ? Verdict.Undecided
        : harm ? Verdict.Worse
        : starved ? Verdict.NoData
        : promote ? Verdict.NotWorse
        : Verdict.Undecided;

    /// <summary>Whether the target took requests for the gate's whole grace without one that it could judge.</summary>
    public bool Starves(DataWatch data) => data.Seconds >= gate.NoDataPatience.TotalSeconds && data.Seconds > 0;

    /// <summary>JSON has no infinity; what is not a number is shown as no evidence and decides nothing.</summary>
    public static double Shown(double log) => double.IsFinite(log) ? log * LogMath.ToLog10 : 0;

    private static bool IsAlpha(double alpha) => alpha is > 0 and < 1;
}
