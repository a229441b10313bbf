using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// Evidence from matched pairs of scores that the target is worse than tolerated: the wealth of a <see cref="PairBet"/> in the change-point
/// form of <see cref="HarmProcess"/>, A_j ← F_j·(A_j + π_t), E = mean_j A_j + 1 − Σπ, t counted in blocks that brought pairs. What bets lost while
/// the target was well does not stand in the way of later harm. Beside it runs the same process for each of the heaviest keys with that
/// key's pairs left out: harm must hold without any one key.
/// </summary>
internal sealed class PairHarm
{
    private readonly PairBet _bet;
    private readonly BetSchedule _schedule;
    private readonly double[] _wealth;
    private readonly KeyWealths _keys;
    private double _scale;

    public PairHarm(PairBet bet, int planned, HarmState state)
        : this(bet, BetSchedule.Over(planned), state)
    {
    }

    public PairHarm(PairBet bet, BetSchedule schedule, HarmState state)
    {
        _bet = bet;
        _schedule = schedule;
        _wealth = state.Wealth.Length == PairBet.Size ? (double[])state.Wealth.Clone() : new double[PairBet.Size];
        _scale = state.Scale;
        _keys = new KeyWealths(PairBet.Size, state.Keys);
        Blocks = state.Blocks;
    }

    /// <summary>Blocks folded that brought pairs.</summary>
    public long Blocks { get; private set; }

    /// <summary>ln E; not a number when the bet is not valid.</summary>
    public double Log => _bet.IsValid ? Wealth.Log(_wealth, _scale, Outside) : double.NaN;

    /// <summary>The least ln E without any one key; to be asked once the evidence of all keys suffices.</summary>
    public double LogWithoutOneKey => LeastWithoutOneKey();

    private double Outside => _schedule.Outside(Blocks, Blocks);

    public HarmState Snapshot() => new()
    {
        Blocks = Blocks,
        Placed = Blocks,
        Wealth = Blocks == 0 ? [] : (double[])_wealth.Clone(),
        Scale = _scale,
        Keys = _keys.Snapshot(),
    };

    public void Fold(PairTable pairs, IReadOnlyList<KeyPairs> keys)
    {
        if (!_bet.IsValid || pairs.Count == 0)
        {
            return;
        }

        Span<double> logs = stackalloc double[PairBet.Size];
        Span<double> factors = stackalloc double[PairBet.Size];
        _bet.LogFactors(pairs.Cells, pairs.Counts, logs);
        var shift = Wealth.Exponentials(logs, factors);
        var mass = _schedule.Mass(Blocks, Blocks + 1);
        Blocks++;
        for (var i = 0; i < keys.Count; i++)
        {
            _keys.Follow(keys[i].Key, keys[i].Table.Count, _wealth, _scale);
        }

        StepKeys(mass, keys, logs);
        _keys.StepOthers(mass, factors, shift);
        Wealth.Step(_wealth, ref _scale, mass, factors, shift);
    }

    private void StepKeys(double mass, IReadOnlyList<KeyPairs> keys, ReadOnlySpan<double> logs)
    {
        Span<double> own = stackalloc double[PairBet.Size];
        for (var i = 0; i < keys.Count; i++)
        {
            var at = _keys.Find(keys[i].Key);
            if (at < 0)
            {
                continue;
            }

            _bet.LogFactors(keys[i].Table.Cells, keys[i].Table.Counts, own);
            for (var j = 0; j < own.Length; j++)
            {
                own[j] = logs[j] - own[j];
            }

            var shift = Wealth.Exponentials(own, own);
            _keys.StepOwn(at, mass, own, shift);
        }
    }

    private double LeastWithoutOneKey()
    {
        var least = Log;
        for (var i = 0; i < _keys.Count; i++)
        {
            least = Math.Min(least, Wealth.Log(_keys.Of(i), _keys.ScaleAt(i), Outside));
        }

        return least;
    }
}
