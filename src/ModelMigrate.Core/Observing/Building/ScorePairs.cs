using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Matches scored requests of the two arms: by the id of their pair where they have one, also over blocks, else in admission order within
/// a block: each target request with the mean of as many source requests as there are for each, which is less noisy than one alone. A pair
/// belongs to the block of its later request. Blocks must come in sequence order.
/// </summary>
internal sealed class ScorePairs
{
    /// <summary>Requests that may wait for the other of their pair; the longest waiting one makes room.</summary>
    private const int MaxWaiting = 10_000;

    private readonly Dictionary<ulong, (Arm Arm, ulong Key, RequestDetail Detail)> _waiting = [];
    private readonly Queue<ulong> _order = new();
    private readonly List<(RequestDetail Source, RequestDetail Target, ulong Key)> _pairs = [];
    private readonly KeyCells _keys = new();
    private readonly List<ushort> _cells = [];

    /// <summary>The pairs of an ended block, for each of <paramref name="scores"/>.</summary>
    public ScoreCounts[] Match(IReadOnlyList<PairedScore> scores, PagedList<Request> requests, PagedList<RequestDetail> details)
    {
        if (scores.Count == 0)
        {
            return [];
        }

        MatchIds(requests, details);
        var counts = new ScoreCounts[scores.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Count(scores[i], requests, details);
        }

        return counts;
    }

    private void MatchIds(PagedList<Request> requests, PagedList<RequestDetail> details)
    {
        _pairs.Clear();
        for (var i = 0; i < requests.Count; i++)
        {
            var id = details[i].Pair;
            if (id == 0)
            {
                continue;
            }

            if (!_waiting.TryGetValue(id, out var other))
            {
                Wait(id, requests[i], details[i]);
            }
            else if (other.Arm != requests[i].Arm)
            {
                _waiting.Remove(id);
                _pairs.Add(other.Arm == Arm.Source ? (other.Detail, details[i], requests[i].Key) : (details[i], other.Detail, other.Key));
            }
        }
    }

    private void Wait(ulong id, in Request request, in RequestDetail detail)
    {
        while (_waiting.Count >= MaxWaiting || _order.Count >= 2 * MaxWaiting)
        {
            _waiting.Remove(_order.Dequeue());
        }

        _waiting.Add(id, (request.Arm, request.Key, detail));
        _order.Enqueue(id);
    }

    private ScoreCounts Count(PairedScore score, PagedList<Request> requests, PagedList<RequestDetail> details)
    {
        _cells.Clear();
        _keys.Clear();
        var preference = default(PairCounts);
        foreach (var (source, target, key) in _pairs)
        {
            if (RequestDetail.IsGiven(source[score]) && RequestDetail.IsGiven(target[score]))
            {
                Add(score, source, source[score], target, key);
                preference += Preferred(source[score], target[score]);
            }
        }

        MatchInOrder(score, requests, details, ref preference);
        var invalid = 0;
        for (var i = 0; i < details.Count; i++)
        {
            invalid += RequestDetail.IsInvalid(details[i][score]) ? 1 : 0;
        }

        return new ScoreCounts(score) { Table = PairTable.FromPairs(CollectionsMarshal.AsSpan(_cells)), Keys = _keys.Heaviest(), Preference = preference, Invalid = invalid };
    }

    private void MatchInOrder(PairedScore score, PagedList<Request> requests, PagedList<RequestDetail> details, ref PairCounts preference)
    {
        var group = Math.Max(1, Scored(score, requests, details, Arm.Source) / Math.Max(1, Scored(score, requests, details, Arm.Target)));
        int s = 0, t = 0;
        while (Next(score, requests, details, Arm.Target, ref t) && Next(score, requests, details, Arm.Source, ref s))
        {
            var first = s;
            var sum = 0.0;
            var taken = 0;
            for (; taken < group && Next(score, requests, details, Arm.Source, ref s); taken++)
            {
                sum += details[s++][score];
            }

            // Who is better can only be said of two answers, so the first of the group stands for it there.
            preference += Preferred(details[first][score], details[t][score]);
            Add(score, details[first], sum / taken, details[t], requests[t].Key);
            t++;
        }
    }

    private void Add(PairedScore score, in RequestDetail source, double sourceScore, in RequestDetail target, ulong key)
    {
        var cell = PairTable.Cell(PairTable.LevelOf(sourceScore, source.Ticket, score), PairTable.LevelOf(target[score], target.Ticket, score));
        _cells.Add(cell);
        _keys.Add(key, cell);
    }

    private static PairCounts Preferred(double source, double target) =>
        new(target < source ? 1 : 0, target.Equals(source) ? 1 : 0, target > source ? 1 : 0);

    private static int Scored(PairedScore score, PagedList<Request> requests, PagedList<RequestDetail> details, Arm arm)
    {
        var count = 0;
        for (var at = 0; Next(score, requests, details, arm, ref at); at++)
        {
            count++;
        }

        return count;
    }

    private static bool Next(PairedScore score, PagedList<Request> requests, PagedList<RequestDetail> details, Arm arm, ref int at)
    {
        while (at < requests.Count && (requests[at].Arm != arm || details[at].Pair != 0 || !RequestDetail.IsGiven(details[at][score])))
        {
            at++;
        }

        return at < requests.Count;
    }
}
