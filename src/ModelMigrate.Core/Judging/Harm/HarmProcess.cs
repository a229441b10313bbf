using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// Evidence that the target's event probability is more than r0 times the source's: the conditional-binomial ratio e-process in its
/// change-point form, A_j ← LR_j·(A_j + π_t), E = mean_j A_j + 1 − Σπ (rollouts research 2.1(a)). Beside it runs the same process for each of
/// the heaviest keys with that key's events but the first taken for successes, which can only lower it: harm must hold without any one key.
/// </summary>
/// <remarks>A block without an event has LR_j = 1 and only moves bets from outside the mean into it: it costs nothing.</remarks>
internal sealed class HarmProcess
{
    private readonly double _r0;
    private readonly BetSchedule _schedule;
    private readonly double[] _wealth;
    private readonly KeyWealths _keys;
    private readonly OpenRatios _open = new();
    private double _scale;
    private long _placed;

    public HarmProcess(double r0, int planned, HarmState state)
        : this(r0, BetSchedule.Over(planned), state)
    {
    }

    public HarmProcess(double r0, BetSchedule schedule, HarmState state)
    {
        _r0 = r0;
        _schedule = schedule;
        _wealth = state.Wealth.Length == Wealth.Size ? (double[])state.Wealth.Clone() : new double[Wealth.Size];
        _scale = state.Scale;
        _placed = state.Placed;
        _keys = new KeyWealths(Wealth.Size, state.Keys);
        Blocks = state.Blocks;
    }

    /// <summary>Blocks folded that compared something.</summary>
    public long Blocks { get; private set; }

    public HarmState Snapshot() => new()
    {
        Blocks = Blocks,
        Placed = _placed,
        Wealth = _placed == 0 ? [] : (double[])_wealth.Clone(),
        Scale = _scale,
        Keys = _keys.Snapshot(),
    };

    public void Fold(in EventBlock block, IReadOnlyList<KeyCount> keys) => Fold(block, block.Share, keys);

    /// <summary>The same at another share of the exposures than the realised one.</summary>
    public void Fold(in EventBlock block, double share, IReadOnlyList<KeyCount> keys)
    {
        if (!block.Compares)
        {
            return;
        }

        Blocks++;
        if (!block.HasEvents)
        {
            return;
        }

        Span<double> ratios = stackalloc double[Wealth.Size];
        var events = new BlockRatios(share, _r0, block.TargetEvents, block.SourceEvents);
        var shift = events.All(ratios);
        var mass = _schedule.Mass(_placed, Blocks);
        for (var i = 0; i < keys.Count; i++)
        {
            _keys.Follow(keys[i].Key, keys[i].Target, _wealth, _scale);
        }

        StepKeys(mass, events, keys);
        _keys.StepOthers(mass, ratios, shift);
        Wealth.Step(_wealth, ref _scale, mass, ratios, shift);
        _placed = Blocks;
    }

    /// <summary>ln E of what was folded.</summary>
    public double Log => Wealth.Log(_wealth, _scale, _schedule.Outside(_placed, Blocks));

    /// <summary>ln E on top of the open blocks, each at its <paramref name="shares"/> of the exposures.</summary>
    public double Read(ReadOnlySpan<EventBlock> open, ReadOnlySpan<double> shares) => Run(_wealth, _scale, open, shares, openKeys: default, key: null);

    /// <summary>
    /// The least ln E on top of the open blocks without any one key. Stops at the first key without which it does not reach
    /// <paramref name="needed"/>; to be asked once the evidence of all keys does.
    /// </summary>
    public double ReadWithoutOneKey(
        ReadOnlySpan<EventBlock> open, ReadOnlySpan<double> shares, ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys, double log, double needed)
    {
        var without = log;
        foreach (var (key, _) in Candidates(openKeys))
        {
            var at = _keys.Find(key);
            var alone = at < 0
                ? Run(_wealth, _scale, open, shares, openKeys, key, isNew: true)
                : Run(_keys.Of(at), _keys.ScaleAt(at), open, shares, openKeys, key);
            without = Math.Min(without, alone);
            if (without < needed)
            {
                break;
            }
        }

        return without;
    }

    /// <summary>
    /// A key's first event counts in its own trajectory too: one failure is anybody's bad luck, and taking it away from every key in turn would
    /// ask for one failure more than the evidence needs.
    /// </summary>
    private void StepKeys(double mass, in BlockRatios block, IReadOnlyList<KeyCount> keys)
    {
        Span<double> own = stackalloc double[Wealth.Size];
        for (var i = 0; i < keys.Count; i++)
        {
            var at = keys[i].Target > 0 ? _keys.Find(keys[i].Key) : -1;
            if (at >= 0)
            {
                var shift = block.Without(keys[i].Target - (_keys.TakeNew(at) ? 1 : 0), own);
                _keys.StepOwn(at, mass, own, shift);
            }
        }
    }

    private static int EventsOf(IReadOnlyList<KeyCount> keys, ulong key)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Key == key)
            {
                return keys[i].Target;
            }
        }

        return 0;
    }

    private double Run(
        ReadOnlySpan<double> from, double scale, ReadOnlySpan<EventBlock> open, ReadOnlySpan<double> shares,
        ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys, ulong? key, bool isNew = false)
    {
        Span<double> wealth = stackalloc double[Wealth.Size];
        Span<double> own = stackalloc double[Wealth.Size];
        from.CopyTo(wealth);
        var (blocks, placed) = (Blocks, _placed);
        for (var i = 0; i < open.Length; i++)
        {
            if (!open[i].Compares)
            {
                continue;
            }

            blocks++;
            if (!open[i].HasEvents)
            {
                continue;
            }

            var block = new BlockRatios(shares[i], _r0, open[i].TargetEvents, open[i].SourceEvents);
            var mass = _schedule.Mass(placed, blocks);
            if (key is { } left && EventsOf(openKeys[i], left) is > 0 and var events)
            {
                var shift = block.Without(events - (isNew ? 1 : 0), own);
                isNew = false;
                Wealth.Step(wealth, ref scale, mass, own, shift);
            }
            else
            {
                var ratios = _open.At(i, block, out var shift);
                Wealth.Step(wealth, ref scale, mass, ratios, shift);
            }

            placed = blocks;
        }

        return Wealth.Log(wealth, scale, _schedule.Outside(placed, blocks));
    }

    /// <summary>The keys with events on the target, the heaviest first.</summary>
    private List<(ulong Key, long Events)> Candidates(ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys)
    {
        var events = new Dictionary<ulong, long>();
        for (var i = 0; i < _keys.Count; i++)
        {
            events[_keys.Keys[i]] = _keys.EventsAt(i);
        }

        foreach (var keys in openKeys)
        {
            for (var i = 0; i < keys.Count; i++)
            {
                if (keys[i].Target > 0)
                {
                    events[keys[i].Key] = events.GetValueOrDefault(keys[i].Key) + keys[i].Target;
                }
            }
        }

        var candidates = new List<(ulong Key, long Events)>(events.Count);
        foreach (var (key, count) in events)
        {
            candidates.Add((key, count));
        }

        candidates.Sort(static (a, b) => a.Events != b.Events ? b.Events.CompareTo(a.Events) : a.Key.CompareTo(b.Key));
        return candidates;
    }
}
