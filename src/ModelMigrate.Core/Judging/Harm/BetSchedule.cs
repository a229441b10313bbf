using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>When a process places new bets: spread over the planned blocks of a migration, or a whole one at every block of a watch.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BetSchedule
{
    private readonly int _planned;

    private BetSchedule(int planned) => _planned = planned;

    /// <summary>One unit of wealth over all blocks: an e-process (<see cref="ChangePoints"/>).</summary>
    public static BetSchedule Over(int planned) => new(Math.Max(1, planned));

    /// <summary>A new unit at every block: the Shiryaev-Roberts e-detector, whose expectation under the null is the number of blocks.</summary>
    public static BetSchedule EveryBlock => default;

    /// <summary>What is bet on harm beginning after the <paramref name="after"/>-th block and not after the <paramref name="until"/>-th.</summary>
    public double Mass(long after, long until) => _planned == 0 ? until - after : ChangePoints.Mass(after, until, _planned);

    /// <summary>Wealth outside the bets that were placed until <paramref name="placed"/>, <paramref name="blocks"/> blocks having passed: it met no event.</summary>
    public double Outside(long placed, long blocks) => _planned == 0 ? blocks - placed : ChangePoints.Rest(placed, _planned);
}
