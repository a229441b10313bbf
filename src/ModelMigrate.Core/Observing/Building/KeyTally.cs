using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts keys within one block and picks the ones worth carrying. Made once and cleared for the next block.</summary>
internal sealed class KeyTally
{
    /// <summary>A key below this share of a block cannot hold a tenth of the route; it is left out of the block.</summary>
    private const double NotableShare = 0.04;

    /// <summary>A key with more than one in so many requests is found for certain; fewer than that is no notable share of any block.</summary>
    private const int Places = 64;

    private readonly Dictionary<ulong, (int Source, int Target)> _counts = [];
    private KeyCount[]? _heaviest = [];
    private int _sourced;

    public void Add(ulong key, int source, int target)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        count = (count.Source + source, count.Target + target);
        _sourced += source;
        if (count == default)
        {
            _counts.Remove(key);
        }

        _heaviest = null;
    }

    /// <summary>
    /// The keys with the most on the target, at most <see cref="BlockOptions.MaxKeys"/>, ties by key, so that the order is one; then the others with
    /// something on the source, by key: those are only counted of keys that are followed.
    /// </summary>
    public KeyCount[] Heaviest() => _heaviest ??= [.. Pick(leastTarget: 1, leastTotal: int.MaxValue), .. Sourced()];

    /// <summary>Every key, in order.</summary>
    public KeyCount[] All() => _heaviest ??= _counts.Count == 0 ? [] : [.. _counts.Select(static c => new KeyCount(c.Key, c.Value.Source, c.Value.Target)).OrderBy(static c => c.Key)];

    /// <summary>The keys that hold a notable share of the requests or of the target's; what was counted before is forgotten.</summary>
    public KeyCount[] Notable(PagedList<Request> requests)
    {
        Clear();
        // Which keys can hold such a share at all, so that a second of many keys does not need a place for each.
        var (some, onTarget) = (new SpaceSaving(Places), new SpaceSaving(Places));
        var targets = 0;
        for (var i = 0; i < requests.Count; i++)
        {
            some.Add(requests[i].Key, 1, out _);
            if (requests[i].Arm == Arm.Target)
            {
                onTarget.Add(requests[i].Key, 1, out _);
                targets++;
            }
        }

        for (var i = 0; i < requests.Count; i++)
        {
            var (key, target) = (requests[i].Key, requests[i].Arm == Arm.Target ? 1 : 0);
            if (some.Find(key) >= 0 || onTarget.Find(key) >= 0)
            {
                Add(key, 1 - target, target);
            }
        }

        return Pick(
            leastTarget: Math.Max(1, (int)(NotableShare * targets)),
            leastTotal: Math.Max(1, (int)(NotableShare * requests.Count)));
    }

    /// <summary>Makes it as new.</summary>
    public void Clear()
    {
        _counts.Clear();
        _sourced = 0;
        _heaviest = [];
    }

    private IEnumerable<KeyCount> Sourced() => _sourced == 0 ? [] :
        from count in _counts where count.Value is { Target: 0, Source: > 0 } orderby count.Key select new KeyCount(count.Key, count.Value.Source, 0);

    /// <summary>Keeps the heaviest in order while going through all: most fall short of the last one at the first comparison.</summary>
    private KeyCount[] Pick(int leastTarget, int leastTotal)
    {
        Span<KeyCount> picked = stackalloc KeyCount[BlockOptions.MaxKeys];
        var size = 0;
        foreach (var (key, (source, target)) in _counts)
        {
            var count = new KeyCount(key, source, target);
            if ((target < leastTarget && source + target < leastTotal) || (size == picked.Length && !IsHeavier(count, picked[^1])))
            {
                continue;
            }

            var at = size < picked.Length ? size++ : size - 1;
            for (; at > 0 && IsHeavier(count, picked[at - 1]); at--)
            {
                picked[at] = picked[at - 1];
            }

            picked[at] = count;
        }

        return picked[..size].ToArray();
    }

    private static bool IsHeavier(in KeyCount a, in KeyCount b)
    {
        var (total, other) = (a.Source + a.Target, b.Source + b.Target);
        return a.Target != b.Target ? a.Target > b.Target : total != other ? total > other : a.Key < b.Key;
    }
}
