using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>
/// Matched pairs of a block, each a target request with one source request in admission order, by D = target failed − source failed.
/// </summary>
/// <param name="Lost">Pairs with D = 1: only the target failed.</param>
/// <param name="Even">Pairs with D = 0.</param>
/// <param name="Won">Pairs with D = −1: only the source failed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PairCounts(long Lost, long Even, long Won)
{
    public static PairCounts operator +(in PairCounts a, in PairCounts b) => new(a.Lost + b.Lost, a.Even + b.Even, a.Won + b.Won);
}
