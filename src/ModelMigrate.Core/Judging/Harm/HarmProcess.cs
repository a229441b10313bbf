using System.Runtime.InteropServices;
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
    private readonly List<OpenStep> _steps = [];

    /// <summary>Keys with events on the target: less their number, so that the heaviest sorts first, and whether some are in open blocks.</summary>
    private readonly List<(long Lightness, ulong Key, bool IsOpen)> _candidates = [];
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
    public double Read(ReadOnlySpan<EventBlock> open, ReadOnlySpan<double> shares)
    {
        var outside = Plan(open, shares);
        return Run(_wealth, _scale, outside);
    }

    /// <summary>
    /// The least ln E on top of the open blocks without any one key. Stops at the first key without which it does not reach
    /// <paramref name="needed"/>; to be asked once the evidence of all keys does.
    /// </summary>
    public double ReadWithoutOneKey(
        ReadOnlySpan<EventBlock> open, ReadOnlySpan<double> shares, ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys, double log, double needed)
    {
        var outside = Plan(open, shares);
        var without = log;
        foreach (var (_, key, isOpen) in Candidates(openKeys))
        {
            var at = _keys.Find(key);
            var wealth = at < 0 ? _wealth : _keys.Of(at);
            var scale = at < 0 ? _scale : _keys.ScaleAt(at);
            var alone = isOpen ? RunWithout(key, isNew: at < 0, wealth, scale, openKeys, outside) : Run(wealth, scale, outside);
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

    /// <summary>What every trajectory meets alike in the open blocks; answers the wealth that lies outside the bets after them.</summary>
    private double Plan(ReadOnlySpan<EventBlock> open, ReadOnlySpan<double> shares)
    {
        _steps.Clear();
        var (blocks, placed) = (Blocks, _placed);
        for (var i = 0; i < open.Length; i++)
        {
            if (!open[i].Compares)
            {
                continue;
            }

            blocks++;
            if (open[i].HasEvents)
            {
                _steps.Add(new OpenStep(i, new BlockRatios(shares[i], _r0, open[i].TargetEvents, open[i].SourceEvents), _schedule.Mass(placed, blocks)));
                placed = blocks;
            }
        }

        return _schedule.Outside(placed, blocks);
    }

    private double Run(ReadOnlySpan<double> from, double scale, double outside)
    {
        Span<double> wealth = stackalloc double[Wealth.Size];
        from.CopyTo(wealth);
        foreach (ref readonly var step in CollectionsMarshal.AsSpan(_steps))
        {
            var ratios = _open.At(step.Block, step.Ratios, out var shift);
            Wealth.Step(wealth, ref scale, step.Mass, ratios, shift);
        }

        return Wealth.Log(wealth, scale, outside);
    }

    private double RunWithout(
        ulong key, bool isNew, ReadOnlySpan<double> from, double scale, ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys, double outside)
    {
        Span<double> wealth = stackalloc double[Wealth.Size];
        Span<double> own = stackalloc double[Wealth.Size];
        from.CopyTo(wealth);
        foreach (ref readonly var step in CollectionsMarshal.AsSpan(_steps))
        {
            if (EventsOf(openKeys[step.Block], key) is > 0 and var events)
            {
                var shift = step.Ratios.Without(events - (isNew ? 1 : 0), own);
                Wealth.Step(wealth, ref scale, step.Mass, own, shift);
                isNew = false;
            }
            else
            {
                var ratios = _open.At(step.Block, step.Ratios, out var shift);
                Wealth.Step(wealth, ref scale, step.Mass, ratios, shift);
            }
        }

        return Wealth.Log(wealth, scale, outside);
    }

    /// <summary>The keys with events on the target, the heaviest first.</summary>
    private ReadOnlySpan<(long Lightness, ulong Key, bool IsOpen)> Candidates(ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys)
    {
        _candidates.Clear();
        for (var i = 0; i < _keys.Count; i++)
        {
            _candidates.Add((-_keys.EventsAt(i), _keys.Keys[i], IsOpen: false));
        }

        foreach (var keys in openKeys)
        {
            for (var i = 0; i < keys.Count; i++)
            {
                if (keys[i].Target > 0)
                {
                    Count(keys[i]);
                }
            }
        }

        var candidates = CollectionsMarshal.AsSpan(_candidates);
        candidates.Sort();
        return candidates;
    }

    private void Count(in KeyCount open)
    {
        var at = _keys.Find(open.Key);
        for (var i = _keys.Count; at < 0 && i < _candidates.Count; i++)
        {
            at = _candidates[i].Key == open.Key ? i : -1;
        }

        if (at < 0)
        {
            _candidates.Add((-open.Target, open.Key, IsOpen: true));
        }
        else
        {
            _candidates[at] = (_candidates[at].Lightness - open.Target, open.Key, IsOpen: true);
        }
    }

    /// <summary>An open block with events: its place among the open ones, and the bets placed before it.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct OpenStep(int Block, BlockRatios Ratios, double Mass);
}
