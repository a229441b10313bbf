using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>When a process places new bets: spread over the planned blocks of a migration, or a whole one at each planned block of a watch.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BetSchedule
{
    private readonly int _planned;
    private readonly bool _isWatch;

    private BetSchedule(int planned, bool isWatch) => (_planned, _isWatch) = (Math.Max(1, planned), isWatch);

    /// <summary>One unit of wealth over all blocks: an e-process (<see cref="ChangePoints"/>).</summary>
    public static BetSchedule Over(int planned) => new(planned, isWatch: false);

    /// <summary>
    /// A new unit at every block: the Shiryaev-Roberts e-detector M_t = (M_{t−1} + 1)·L_t, whose expectation under the null is at most the number
    /// of blocks; none beyond the planned ones, so that it is never more than those (Shin, Ramdas and Rinaldo 2022, arXiv 2203.03532).
    /// </summary>
    public static BetSchedule EveryBlock(int planned) => new(planned, isWatch: true);

    /// <summary>What is bet on harm beginning after the <paramref name="after"/>-th block and not after the <paramref name="until"/>-th.</summary>
    public double Mass(long after, long until) =>
        _isWatch ? Math.Min(until, _planned) - Math.Min(after, _planned) : ChangePoints.Mass(after, until, _planned);

    /// <summary>Wealth outside the bets that were placed until <paramref name="placed"/>, <paramref name="blocks"/> blocks having passed: it met no event.</summary>
    public double Outside(long placed, long blocks) =>
        _isWatch ? Math.Min(blocks, _planned) - Math.Min(placed, _planned) : ChangePoints.Rest(placed, _planned);
}
