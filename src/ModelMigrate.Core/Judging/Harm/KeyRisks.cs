using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// How often each of the heaviest keys has a gate's event on the source, relative to the others: indirect standardisation,
/// r_k = (O_k + c·r_rest)/(E_k + c), r_rest = (O_rest + c0)/(E_rest + c0), O observed events on the source, E_k = Σ over blocks n_k·λ with the block's
/// level λ = events / Σ r over its source requests (Breslow and Day 1987, vol. II, ch. 2). What is the matter with the whole source raises O and λ
/// alike; keys that leave it lower its events and Σ r alike. All keys that are not followed are one rest. Nothing is learned from the target.
/// </summary>
/// <remarks>What is known before a block is judged comes from earlier blocks only. A key that moved before it had a history counts as rest.</remarks>
internal sealed class KeyRisks
{
    /// <summary>Keys followed at most; the lightest makes room and joins the rest.</summary>
    private const int Most = 64;

    /// <summary>c and c0: expected events that the priors are worth. A key is not taken for sick upon one or two failures.</summary>
    private const double KeyPrior = 2, RestPrior = 0.5;

    /// <summary>
    /// A key with this many times the rest's events is sick: it is left out, not weighted, because its ratio is only known roughly and falls in an
    /// outage that meets all alike.
    /// </summary>
    private const double Sick = 2;

    private readonly SpaceSaving _keys = new(Most);
    private readonly long[] _events = new long[Most];
    private readonly double[] _expected = new double[Most];
    private long _restEvents;
    private double _restExpected;

    public KeyRisks(KeyRisksState state)
    {
        foreach (var each in state.Keys.Take(Most))
        {
            var at = _keys.Add(each.Key, each.Requests, out _);
            (_events[at], _expected[at]) = (each.Events, each.Expected);
        }

        (_restEvents, _restExpected) = (state.RestEvents, state.RestExpected);
    }

    /// <summary>The rate ratio of everybody who is not followed.</summary>
    public double Rest => (_restEvents + RestPrior) / (_restExpected + RestPrior);

    public KeyRisksState Snapshot()
    {
        var keys = new KeyRisk[_keys.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = new KeyRisk(_keys.Keys[i], _keys.CountAt(i), _events[i], _expected[i]);
        }

        return new KeyRisksState { Keys = keys, RestEvents = _restEvents, RestExpected = _restExpected };
    }

    /// <summary>A key's rate ratio.</summary>
    public double Of(ulong key)
    {
        var rest = Rest;
        var at = _keys.Find(key);
        return at < 0 ? rest : (_events[at] + (KeyPrior * rest)) / (_expected[at] + KeyPrior);
    }

    /// <summary>
    /// The block as the adjusted test sees it: without the sick keys, and with the target's share of the events that the other keys make expected.
    /// Exactly <paramref name="plain"/> when nothing is known of the keys in it.
    /// </summary>
    public KeyedBlock Adjust(in KeyedBlock plain, Block block)
    {
        var followed = block.FollowedKeys;
        if (!plain.Events.Compares || followed.Count == 0 || _keys.Count == 0)
        {
            return plain;
        }

        // In units of the rest's rate, over admissions: what of those counts for this gate is taken to be alike for all keys.
        Span<ulong> sick = stackalloc ulong[Most];
        var (rest, left) = (Rest, 0);
        double source = block.Source.Admissions, target = block.Target.Admissions;
        int sourceLeft = 0, targetLeft = 0;
        for (var i = 0; i < followed.Count; i++)
        {
            var key = followed[i];
            var ratio = Of(key.Key) / rest;
            if (ratio >= Sick && left < Most)
            {
                sick[left++] = key.Key;
                (sourceLeft, targetLeft) = (sourceLeft + key.Source, targetLeft + key.Target);
                ratio = 0;
            }

            source += key.Source * (ratio - 1);
            target += key.Target * (ratio - 1);
        }

        if (left == 0 && source.Equals(block.Source.Admissions) && target.Equals(block.Target.Admissions))
        {
            return plain;
        }

        var w = plain.Events.Share;
        var (onTarget, onSource) = (w * target / block.Target.Admissions, (1 - w) * source / block.Source.Admissions);
        var share = onTarget / (onTarget + onSource);
        return left == 0 ? plain with { Share = share }
            : sourceLeft >= block.Source.Admissions || targetLeft >= block.Target.Admissions ? KeyedBlock.None
            : Without(sick[..left], plain, sourceLeft, targetLeft, share);
    }

    /// <summary>Learns from the source's side of an ended block; <paramref name="keys"/>: the events of the followed keys.</summary>
    public void Fold(in EventBlock events, Block block, IReadOnlyList<KeyCount> keys)
    {
        if (events.SourceExposures == 0)
        {
            return;
        }

        var followed = block.FollowedKeys;
        var others = block.Source.Admissions;
        var weighted = 0.0;
        for (var i = 0; i < followed.Count; i++)
        {
            others -= followed[i].Source;
            weighted += followed[i].Source * Of(followed[i].Key);
        }

        var level = events.SourceEvents / (weighted + (others * Rest));
        _restExpected += others * level;
        _restEvents += events.SourceEvents;
        for (var i = 0; i < followed.Count; i++)
        {
            if (followed[i].Source <= 0)
            {
                continue;
            }

            var at = _keys.Add(followed[i].Key, followed[i].Source, out var inherited);
            if (inherited > 0)
            {
                _restEvents += _events[at];
                _restExpected += _expected[at];
            }

            if (inherited >= 0)
            {
                (_events[at], _expected[at]) = (0, 0);
            }

            var own = EventsOf(keys, followed[i].Key);
            _expected[at] += followed[i].Source * level;
            _events[at] += own;
            _restEvents -= own;
        }
    }

    private static KeyedBlock Without(ReadOnlySpan<ulong> sick, in KeyedBlock plain, int sourceRequests, int targetRequests, double share)
    {
        long source = 0, target = 0;
        var kept = new List<KeyCount>(plain.Keys.Count);
        for (var i = 0; i < plain.Keys.Count; i++)
        {
            var key = plain.Keys[i];
            if (sick.Contains(key.Key))
            {
                (source, target) = (source + key.Source, target + key.Target);
            }
            else
            {
                kept.Add(key);
            }
        }

        var events = plain.Events;
        return new KeyedBlock(
            new EventBlock(
                Math.Max(1, events.SourceExposures - sourceRequests), Math.Max(0, events.SourceEvents - source),
                Math.Max(1, events.TargetExposures - targetRequests), Math.Max(0, events.TargetEvents - target)),
            share, kept);
    }

    private static int EventsOf(IReadOnlyList<KeyCount> keys, ulong key)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Key == key)
            {
                return keys[i].Source;
            }
        }

        return 0;
    }
}
