using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>Counts keys within one block and picks the ones worth carrying.</summary>
internal sealed class KeyTally
{
    /// <summary>A key below this share of a block cannot hold a tenth of the route; it is left out of the block.</summary>
    private const double NotableShare = 0.04;

    private readonly Dictionary<ulong, (int Source, int Target)> _counts = [];

    public delegate bool Which(in Request request);

    public void Add(ulong key, Arm arm)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        if (arm == Arm.Source)
        {
            count.Source++;
        }
        else
        {
            count.Target++;
        }
    }

    /// <summary>The keys with the most on the target, at most <see cref="BlockOptions.MaxKeys"/>; ties by key, so that the order is one.</summary>
    public List<KeyCount> Heaviest() => Pick(leastTarget: 1, leastTotal: int.MaxValue);

    public static IReadOnlyList<KeyCount> Heaviest(ReadOnlySpan<Request> requests, Which which)
    {
        KeyTally? tally = null;
        foreach (ref readonly var request in requests)
        {
            if (which(request))
            {
                (tally ??= new KeyTally()).Add(request.Key, request.Arm);
            }
        }

        return tally?.Heaviest() ?? [];
    }

    /// <summary>The keys that hold a notable share of the block or of its target requests.</summary>
    public static IReadOnlyList<KeyCount> Notable(ReadOnlySpan<Request> requests)
    {
        var tally = new KeyTally();
        var target = 0;
        foreach (ref readonly var request in requests)
        {
            tally.Add(request.Key, request.Arm);
            target += request.Arm == Arm.Target ? 1 : 0;
        }

        return tally.Pick(
            leastTarget: Math.Max(1, (int)(NotableShare * target)),
            leastTotal: Math.Max(1, (int)(NotableShare * requests.Length)));
    }

    private List<KeyCount> Pick(int leastTarget, int leastTotal)
    {
        if (_counts.Count == 0)
        {
            return [];
        }

        var picked = new List<KeyCount>(Math.Min(_counts.Count, BlockOptions.MaxKeys));
        foreach (var (key, (source, target)) in _counts)
        {
            if (target >= leastTarget || source + target >= leastTotal)
            {
                picked.Add(new KeyCount(key, source, target));
            }
        }

        picked.Sort(static (a, b) =>
        {
            var byTarget = b.Target.CompareTo(a.Target);
            var byTotal = byTarget != 0 ? byTarget : (b.Source + b.Target).CompareTo(a.Source + a.Target);
            return byTotal != 0 ? byTotal : a.Key.CompareTo(b.Key);
        });
        if (picked.Count > BlockOptions.MaxKeys)
        {
            picked.RemoveRange(BlockOptions.MaxKeys, picked.Count - BlockOptions.MaxKeys);
        }

        return picked;
    }
}
