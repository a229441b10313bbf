using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Turns the observation stream of one migration attempt into blocks: each request is charged to the second of its admission, and
/// consecutive seconds under one split form a block, cut by looking at exposures only. Owns the open slices. Not thread-safe: one
/// intake owns it.
/// </summary>
public sealed class BlockBuilder
{
    /// <summary>Blocks kept for their memory: as many as may end at once behind one long request.</summary>
    private const int MaxSpare = 32;

    private readonly MigrationId _migration;
    private readonly int _attempt;
    private readonly string _replica;
    private readonly long _incarnation;
    private readonly CountedSignals _counted;
    private readonly BlockOptions _options;
    private readonly QuantileFreezer _freezer;
    private readonly CostFreezer _costs;
    private readonly ScorePairs _pairs = new();
    private readonly NewKeys _newKeys = new();
    private readonly FollowedKeys _followed;

    /// <summary>Blocks not yet taken, oldest first; the ones still forming are among the last.</summary>
    private readonly List<OpenBlock> _blocks = [];
    private readonly Dictionary<long, (OpenBlock Block, int Index)> _requests = [];
    private readonly Stack<OpenBlock> _spare = [];
    private readonly KeyTally _scratch = new();
    private long _sequence;

    /// <summary>
    /// <paramref name="counted"/>: what to count beyond failures; <paramref name="frozen"/>, <paramref name="meanCost"/>: the source's quantiles
    /// and mean cost as an earlier incarnation froze them; <paramref name="followed"/>: the keys that it followed.
    /// </summary>
    public BlockBuilder(
        MigrationId migration, int attempt, string replica, long incarnation,
        CountedSignals counted, FrozenQuantiles? frozen = null, double? meanCost = null, BlockOptions? options = null,
        IReadOnlyList<ulong>? followed = null)
    {
        _migration = migration;
        _attempt = attempt;
        _replica = replica;
        _incarnation = incarnation;
        _counted = counted;
        _options = options ?? new BlockOptions();
        _freezer = new QuantileFreezer(_options, frozen);
        _costs = new CostFreezer(_options, meanCost);
        _followed = new FollowedKeys(followed ?? []);
    }

    /// <summary>The source's quantiles once they are frozen.</summary>
    public FrozenQuantiles? Frozen => _freezer.Frozen;

    /// <summary>The source's mean cost of a request in US dollars once it is frozen.</summary>
    public double? MeanCost => _costs.Mean;

    /// <summary>Admitted requests that have not ended.</summary>
    public int Open => _requests.Count;

    /// <summary>The process incarnation that its blocks are of.</summary>
    public long Incarnation => _incarnation;

    /// <summary>Takes one entry of the stream in. False when it is not of this migration's attempt or ends an unknown request.</summary>
    public bool Accept(ObservationEvent item) => item.IsAdmission ? Admit(item.Admission) : End(item.Ended);

    /// <summary>The same of an admission alone.</summary>
    public bool Admit(in Admission admission)
    {
        if (admission.Migration != _migration || admission.Attempt != _attempt || _requests.ContainsKey(admission.Ticket))
        {
            return false;
        }

        var slice = SliceOf(admission.At);
        var block = Find(admission, slice);
        if (block is null)
        {
            block = _spare.TryPop(out var spare) ? spare : new OpenBlock(_counted);
            block.Begin(
                new BlockKey(_migration, _attempt, admission.Revision, slice, slice, _replica, _incarnation, ++_sequence),
                admission.WeightPpm, _freezer.Frozen, _costs.Mean);
            _blocks.Add(block);
        }

        var isNew = _newKeys.IsNew(admission.WeightPpm, admission.Revision, admission.Key);
        _requests.Add(admission.Ticket, (block, block.Admit(admission, slice, isNew, _followed.Admit(admission.Key, admission.Arm))));
        if (admission.Arm == Arm.Source)
        {
            _freezer.Admit(admission.Ticket, admission.At);
        }

        return true;
    }

    /// <summary>The same of an ended request alone.</summary>
    public bool End(in Observation ended)
    {
        if (!_requests.Remove(ended.Ticket, out var at))
        {
            return false;
        }

        at.Block.End(at.Index, ended);
        if (at.Block.ArmOf(at.Index) == Arm.Source)
        {
            _freezer.End(ended);
            _costs.End(ended);
        }

        return true;
    }

    /// <summary>
    /// Closes what is due, and moves ended blocks, in sequence order and without gaps, into <paramref name="ended"/>. No admission
    /// may come later that is older than <paramref name="now"/> by more than a second.
    /// </summary>
    public void TakeEnded(DateTimeOffset now, List<Block> ended)
    {
        // The second just past may still receive an admission that was stamped in it and queued after the drain.
        var closed = SliceOf(now) - 1;
        var newest = NewestRevision();
        foreach (var block in _blocks)
        {
            // A block whose snapshot was replaced fills no further, and would hold back the evidence of the ones after it.
            if (block.Forming && (IsDue(block, closed) || (block.Key.Revision < newest && closed > block.LastSlice)))
            {
                block.Close();
            }
        }

        var taken = 0;
        while (taken < _blocks.Count && !_blocks[taken].Forming)
        {
            var block = _blocks[taken];
            if (block.OpenRequests > 0 && closed - block.LastSlice > (long)_options.LostAfter.TotalSeconds)
            {
                EndLost(block, now);
            }

            if (block.OpenRequests > 0)
            {
                break;
            }

            ended.Add(block.ReadEnded(now, _scratch, _pairs));
            taken++;
            if (_spare.Count < MaxSpare)
            {
                _spare.Push(block);
            }
        }

        _blocks.RemoveRange(0, taken);
    }

    /// <summary>Replaces the content of <paramref name="open"/> by the blocks not yet taken, as they stand now, in sequence order.</summary>
    public void ReadOpen(DateTimeOffset now, List<Block> open)
    {
        open.Clear();
        foreach (var block in _blocks)
        {
            open.Add(block.Read(now));
        }
    }

    /// <summary>
    /// The earliest time after <paramref name="now"/> at which, with nothing accepted meanwhile, <see cref="TakeEnded"/> or <see cref="ReadOpen"/>
    /// may answer otherwise than they did at <paramref name="now"/>; null for never. May be too early, never too late.
    /// </summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        var next = long.MaxValue;
        var newest = NewestRevision();
        foreach (var block in _blocks)
        {
            if (block.Forming)
            {
                var old = block.Key.FirstSlice + (long)_options.MaximumAge.TotalSeconds;
                var due = IsFull(block) || block.Key.Revision < newest ? block.LastSlice + 1 : Math.Max(block.LastSlice + 1, old);
                next = Math.Min(next, StartOf(due + 1));
            }
            else
            {
                next = Math.Min(next, StartOf(block.LastSlice + (long)_options.LostAfter.TotalSeconds + 2));
            }

            next = Math.Min(next, block.ReadUntil);
        }

        return next == long.MaxValue ? null : new DateTimeOffset(Math.Max(next, now.UtcTicks + 1), TimeSpan.Zero);
    }

    private long NewestRevision()
    {
        long newest = 0;
        foreach (var block in _blocks)
        {
            newest = Math.Max(newest, block.Key.Revision);
        }

        return newest;
    }

    private static long StartOf(long slice) => DateTimeOffset.FromUnixTimeSeconds(slice).UtcTicks;

    private static long SliceOf(DateTimeOffset at) => at.ToUnixTimeSeconds();

    /// <summary>The forming block of the same split, unless the admission's second is the one that closes it.</summary>
    private OpenBlock? Find(in Admission admission, long slice)
    {
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            var block = _blocks[i];
            if (block.Forming && block.Key.Revision == admission.Revision && block.WeightPpm == admission.WeightPpm)
            {
                if (!IsDue(block, slice))
                {
                    return block;
                }

                block.Close();
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether a block is full, looked at in a later second than its last, or too old. Never looks at an outcome.</summary>
    private bool IsDue(OpenBlock block, long slice) =>
        slice > block.LastSlice
        && (IsFull(block) || slice - block.Key.FirstSlice >= (long)_options.MaximumAge.TotalSeconds);

    private bool IsFull(OpenBlock block) =>
        (block.SourceAdmissions >= _options.MinimumAdmissions && block.TargetAdmissions >= _options.MinimumAdmissions)
        || block.SourceAdmissions + block.TargetAdmissions >= _options.MaximumAdmissions;

    /// <summary>A request that never ends would hold back the evidence of all later ones.</summary>
    private void EndLost(OpenBlock block, DateTimeOffset now)
    {
        foreach (var (ticket, at) in _requests)
        {
            if (ReferenceEquals(at.Block, block))
            {
                block.End(at.Index, new Observation { Ticket = ticket, Outcome = Outcome.Timeout, Latency = now - block.AdmittedAt(at.Index) });
                _requests.Remove(ticket);
            }
        }
    }
}
