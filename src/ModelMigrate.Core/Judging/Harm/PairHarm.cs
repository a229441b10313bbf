using ModelMigrate.Core.Judging.Processes;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// Evidence from matched pairs of scores that the target is worse than tolerated: the wealth of a <see cref="PairBet"/> in the change-point
/// form of <see cref="HarmProcess"/>, A_j ← F_j·(A_j + π_t), E = mean_j A_j + 1 − Σπ, t counted in blocks that brought pairs. What bets lost while
/// the target was well does not stand in the way of later harm.
/// </summary>
internal sealed class PairHarm
{
    private readonly PairBet _bet;
    private readonly int _planned;
    private readonly double[] _logs;

    public PairHarm(PairBet bet, int planned, HarmState state)
    {
        _bet = bet;
        _planned = Math.Max(1, planned);
        Blocks = state.Blocks;
        if (state.Logs.Length == PairBet.Size)
        {
            _logs = (double[])state.Logs.Clone();
        }
        else
        {
            _logs = new double[PairBet.Size];
            Array.Fill(_logs, double.NegativeInfinity);
        }
    }

    /// <summary>Blocks folded that brought pairs.</summary>
    public long Blocks { get; private set; }

    /// <summary>ln E; not a number when the bet is not valid.</summary>
    public double Log => _bet.IsValid
        ? LogMath.Add(LogMath.Sum(_logs) - Math.Log(_logs.Length), ChangePoints.LogRest(Blocks, _planned))
        : double.NaN;

    public HarmState Snapshot() => new() { Blocks = Blocks, Logs = (double[])_logs.Clone() };

    public void Fold(ReadOnlySpan<ushort> cells, ReadOnlySpan<int> counts)
    {
        if (!_bet.IsValid || cells.Length == 0)
        {
            return;
        }

        Span<double> factors = stackalloc double[PairBet.Size];
        _bet.LogFactors(cells, counts, factors);
        var mass = ChangePoints.LogMass(++Blocks, _planned);
        for (var j = 0; j < _logs.Length; j++)
        {
            _logs[j] = LogMath.Add(_logs[j], mass) + factors[j];
        }
    }
}
