using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// Evidence that the target's event probability is more than r0 times the source's: the conditional-binomial ratio e-process in its
/// change-point form, A_j ← LR_j·(A_j + π_t), E = mean_j A_j + 1 − Σπ (rollouts research 2.1(a)). Beside it runs the same process for each of
/// the heaviest keys with that key's events taken for successes, which can only lower it: harm must hold without any one key.
/// </summary>
internal sealed class HarmProcess
{
    /// <summary>Keys followed at most; the one with the fewest events makes room.</summary>
    public const int MaxKeys = 64;

    private const int Size = RatioGrid.HarmSize;
    private readonly double _r0;
    private readonly int _planned;
    private readonly double[] _logs;
    private readonly List<Trajectory> _keys = [];

    public HarmProcess(double r0, int planned, HarmState state)
    {
        _r0 = r0;
        _planned = Math.Max(1, planned);
        Blocks = state.Blocks;
        _logs = state.Logs.Length == Size ? (double[])state.Logs.Clone() : Untouched();
        foreach (var key in state.Keys)
        {
            _keys.Add(new Trajectory(key.Key, key.Events, (double[])key.Logs.Clone()));
        }
    }

    /// <summary>Blocks folded that compared something.</summary>
    public long Blocks { get; private set; }

    public HarmState Snapshot() => new()
    {
        Blocks = Blocks,
        Logs = (double[])_logs.Clone(),
        Keys = [.. _keys.Select(k => new KeyTrajectory { Key = k.Key, Events = k.Events, Logs = (double[])k.Logs.Clone() })],
    };

    public void Fold(in EventBlock block, IReadOnlyList<KeyCount> keys)
    {
        if (!block.Compares)
        {
            return;
        }

        Span<double> perTarget = stackalloc double[Size];
        Span<double> ratio = stackalloc double[Size];
        Ratios(block, perTarget, ratio);
        Blocks++;
        var mass = ChangePoints.LogMass(Blocks, _planned);
        foreach (var count in keys)
        {
            Follow(count.Key, count.Target);
        }

        foreach (var key in _keys)
        {
            Step(key.Logs, ratio, perTarget, EventsOf(keys, key.Key), mass);
        }

        Step(_logs, ratio, perTarget, events: 0, mass);
    }

    /// <summary>
    /// ln E on top of the open blocks, and the least of it without any one key. The keys are only tried when the former reaches
    /// <paramref name="needed"/>; until then both are the same. Stops at the first key without which it does not cross.
    /// </summary>
    public (double Log, double WithoutOneKey) Read(ReadOnlySpan<EventBlock> open, ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys, double needed)
    {
        var log = Run(_logs, open, openKeys, key: null);
        if (!(log >= needed))
        {
            return (log, log);
        }

        var without = log;
        foreach (var candidate in Candidates(openKeys))
        {
            without = Math.Min(without, Run(Find(candidate.Key)?.Logs ?? _logs, open, openKeys, candidate.Key));
            if (without < needed)
            {
                break;
            }
        }

        return (log, without);
    }

    private static double[] Untouched()
    {
        var logs = new double[Size];
        Array.Fill(logs, double.NegativeInfinity);
        return logs;
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

    private static void Step(Span<double> logs, ReadOnlySpan<double> ratio, ReadOnlySpan<double> perTarget, int events, double mass)
    {
        for (var j = 0; j < Size; j++)
        {
            logs[j] = LogMath.Add(logs[j], mass) + ratio[j] - (events * perTarget[j]);
        }
    }

    private void Ratios(in EventBlock block, Span<double> perTarget, Span<double> ratio)
    {
        RatioGrid.Steps(block.Share, _r0, RatioGrid.HarmLogs, perTarget, ratio);
        for (var j = 0; j < Size; j++)
        {
            ratio[j] = (block.TargetEvents * perTarget[j]) + (block.SourceEvents * ratio[j]);
        }
    }

    private double Run(double[] from, ReadOnlySpan<EventBlock> open, ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys, ulong? key)
    {
        Span<double> logs = stackalloc double[Size];
        Span<double> perTarget = stackalloc double[Size];
        Span<double> ratio = stackalloc double[Size];
        from.CopyTo(logs);
        var blocks = Blocks;
        for (var i = 0; i < open.Length; i++)
        {
            if (!open[i].Compares)
            {
                continue;
            }

            if (open[i].TargetEvents == 0 && open[i].SourceEvents == 0)
            {
                ratio.Clear();
                perTarget.Clear();
                Step(logs, ratio, perTarget, events: 0, ChangePoints.LogMass(++blocks, _planned));
                continue;
            }

            Ratios(open[i], perTarget, ratio);
            Step(logs, ratio, perTarget, key is { } left ? EventsOf(openKeys[i], left) : 0, ChangePoints.LogMass(++blocks, _planned));
        }

        return LogMath.Add(LogMath.Sum(logs) - Math.Log(Size), ChangePoints.LogRest(blocks, _planned));
    }

    /// <summary>A key's first event starts its trajectory from the main one, which until then is the same.</summary>
    private void Follow(ulong key, int events)
    {
        if (Find(key) is { } known)
        {
            known.Events += events;
            return;
        }

        if (_keys.Count >= MaxKeys)
        {
            var lightest = 0;
            for (var i = 1; i < _keys.Count; i++)
            {
                lightest = _keys[i].Events < _keys[lightest].Events ? i : lightest;
            }

            // Space-Saving: the newcomer inherits the count that it replaces, so that a heavy key cannot be kept out.
            events += (int)Math.Min(_keys[lightest].Events, int.MaxValue / 2);
            _keys.RemoveAt(lightest);
        }

        _keys.Add(new Trajectory(key, events, (double[])_logs.Clone()));
    }

    private Trajectory? Find(ulong key)
    {
        foreach (var each in _keys)
        {
            if (each.Key == key)
            {
                return each;
            }
        }

        return null;
    }

    private List<(ulong Key, long Events)> Candidates(ReadOnlySpan<IReadOnlyList<KeyCount>> openKeys)
    {
        var events = new Dictionary<ulong, long>();
        foreach (var key in _keys)
        {
            events[key.Key] = key.Events;
        }

        foreach (var keys in openKeys)
        {
            for (var i = 0; i < keys.Count; i++)
            {
                events[keys[i].Key] = events.GetValueOrDefault(keys[i].Key) + keys[i].Target;
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

    private sealed class Trajectory(ulong key, long events, double[] logs)
    {
        public ulong Key => key;

        public long Events { get; set; } = events;

        public double[] Logs => logs;
    }
}
