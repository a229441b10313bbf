using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Matches scored requests of the two arms: by the id of their pair where they have one, also over blocks, else in admission order within
/// a block. A pair belongs to the block of its later request. Blocks must come in sequence order.
/// </summary>
internal sealed class ScorePairs
{
    /// <summary>Requests that may wait for the other of their pair; the longest waiting one makes room.</summary>
    private const int MaxWaiting = 10_000;

    private readonly Dictionary<ulong, (Arm Arm, RequestDetail Detail)> _waiting = [];
    private readonly Queue<ulong> _order = new();
    private readonly List<(RequestDetail Source, RequestDetail Target)> _pairs = [];
    private readonly int[] _dense = new int[PairTable.Size];

    /// <summary>The pairs of an ended block, for each of <paramref name="scores"/>.</summary>
    public ScoreCounts[] Match(IReadOnlyList<PairedScore> scores, ReadOnlySpan<Request> requests, List<RequestDetail> details)
    {
        if (scores.Count == 0)
        {
            return [];
        }

        var kept = CollectionsMarshal.AsSpan(details);
        MatchIds(requests, kept);
        var counts = new ScoreCounts[scores.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Count(scores[i], requests, kept);
        }

        return counts;
    }

    private void MatchIds(ReadOnlySpan<Request> requests, ReadOnlySpan<RequestDetail> details)
    {
        _pairs.Clear();
        for (var i = 0; i < requests.Length; i++)
        {
            var id = details[i].Pair;
            if (id == 0)
            {
                continue;
            }

            if (!_waiting.TryGetValue(id, out var other))
            {
                Wait(id, requests[i].Arm, details[i]);
            }
            else if (other.Arm != requests[i].Arm)
            {
                _waiting.Remove(id);
                _pairs.Add(other.Arm == Arm.Source ? (other.Detail, details[i]) : (details[i], other.Detail));
            }
        }
    }

    private void Wait(ulong id, Arm arm, in RequestDetail detail)
    {
        while (_waiting.Count >= MaxWaiting || _order.Count >= 2 * MaxWaiting)
        {
            _waiting.Remove(_order.Dequeue());
        }

        _waiting.Add(id, (arm, detail));
        _order.Enqueue(id);
    }

    private ScoreCounts Count(PairedScore score, ReadOnlySpan<Request> requests, ReadOnlySpan<RequestDetail> details)
    {
        Array.Clear(_dense);
        var preference = default(PairCounts);
        foreach (var (source, target) in _pairs)
        {
            Add(score, source, target, ref preference);
        }

        int s = 0, t = 0;
        while (Next(score, requests, details, Arm.Target, ref t) && Next(score, requests, details, Arm.Source, ref s))
        {
            Add(score, details[s++], details[t++], ref preference);
        }

        var invalid = 0;
        foreach (ref readonly var detail in details)
        {
            invalid += RequestDetail.IsInvalid(detail[score]) ? 1 : 0;
        }

        return new ScoreCounts(score) { Table = PairTable.FromDense(_dense), Preference = preference, Invalid = invalid };
    }

    private void Add(PairedScore score, in RequestDetail source, in RequestDetail target, ref PairCounts preference)
    {
        var (s, t) = (source[score], target[score]);
        if (!RequestDetail.IsGiven(s) || !RequestDetail.IsGiven(t))
        {
            return;
        }

        _dense[PairTable.Cell(PairTable.LevelOf(s, source.Ticket, score), PairTable.LevelOf(t, target.Ticket, score))]++;
        preference += new PairCounts(t < s ? 1 : 0, t.Equals(s) ? 1 : 0, t > s ? 1 : 0);
    }

    private static bool Next(PairedScore score, ReadOnlySpan<Request> requests, ReadOnlySpan<RequestDetail> details, Arm arm, ref int at)
    {
        while (at < requests.Length && (requests[at].Arm != arm || details[at].Pair != 0 || !RequestDetail.IsGiven(details[at][score])))
        {
            at++;
        }

        return at < requests.Length;
    }
}
