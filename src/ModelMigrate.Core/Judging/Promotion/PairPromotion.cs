using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Promotion;

/// <summary>
/// Evidence from matched pairs of scores that the target is not worse by the margin: the mean wealth of a <see cref="PairBet"/> over folded
/// pairs. Its state is one number a bet; splitting and order of the pairs change it by rounding only. One for each margin.
/// </summary>
internal sealed class PairPromotion(PairBet bet, double[] logs)
{
    private readonly double[] _logs = logs.Length == PairBet.Size ? (double[])logs.Clone() : new double[PairBet.Size];

    /// <summary>ln E; not a number when the bet is not valid.</summary>
    public double Log => bet.IsValid ? LogMath.Sum(_logs) - Math.Log(_logs.Length) : double.NaN;

    public double[] Snapshot() => (double[])_logs.Clone();

    public void Fold(ReadOnlySpan<ushort> cells, ReadOnlySpan<int> counts)
    {
        if (!bet.IsValid || cells.Length == 0)
        {
            return;
        }

        Span<double> factors = stackalloc double[PairBet.Size];
        bet.LogFactors(cells, counts, factors);
        for (var j = 0; j < _logs.Length; j++)
        {
            _logs[j] += factors[j];
        }
    }
}
