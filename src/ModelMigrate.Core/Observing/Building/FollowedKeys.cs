using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Which keys send a notable share of the source's requests: blocks tell those apart, so that the judge can learn how often each fails before it
/// moves. A key stays when it has moved: then it matters. While as many as fit are followed no other is, for dropping one would drop its history.
/// </summary>
internal sealed class FollowedKeys
{
    /// <summary>Keys followed at most.</summary>
    public const int Most = 64;

    /// <summary>A key is followed from this share of the source's requests on, and this many of them.</summary>
    private const double NotableShare = 0.005;
    private const int Least = 8;

    /// <summary>Keys and requests remembered; at either, all counts are halved and what is left with none is forgotten.</summary>
    private const int MaxKeys = 4096, Memory = 20_000;

    private readonly HashSet<ulong> _followed;
    private readonly Dictionary<ulong, int> _counts = [];
    private int _total;

    /// <summary>Goes on following what an earlier incarnation followed.</summary>
    public FollowedKeys(IReadOnlyList<ulong> known) => _followed = [.. known.Take(Most)];

    public int Count => _followed.Count;

    /// <summary>Counts a request and answers whether its key is followed.</summary>
    public bool Admit(ulong key, Arm arm)
    {
        if (_followed.Contains(key))
        {
            _total += arm == Arm.Source ? 1 : 0;
            return true;
        }

        if (arm == Arm.Target || _followed.Count == Most)
        {
            return false;
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        count++;
        _total++;
        if (count >= Least && count >= NotableShare * _total)
        {
            _counts.Remove(key);
            return _followed.Add(key);
        }

        if (_counts.Count >= MaxKeys || _total >= Memory)
        {
            Halve();
        }

        return false;
    }

    private void Halve()
    {
        foreach (var (key, count) in _counts)
        {
            if (count == 1)
            {
                _counts.Remove(key);
            }
            else
            {
                _counts[key] = count / 2;
            }
        }

        _total /= 2;
    }
}
