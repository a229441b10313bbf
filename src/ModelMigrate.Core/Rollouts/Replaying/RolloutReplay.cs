using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Core.Rollouts.Replaying;

/// <summary>
/// One migration on a driven clock: requests in the order of time → blocks → judge → decider, looked at on the grid on which the control
/// loop looks. Publishing and probing take no time: a promotion is watched, a rollback rolled back, at the look that decided it. A look that
/// could only find what the last one found is left out; the decisions and their times are those of looking every time. One owner.
/// </summary>
public sealed class RolloutReplay
{
    /// <summary>Time between two looks, as in the control loop.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private const string Replica = "replay";

    private readonly RolloutSpec _spec;
    private readonly BlockOptions _options;
    private readonly DateTimeOffset _start;
    private readonly PriorityQueue<int, (long At, long Ticket)> _running = new();

    /// <summary>The ends still to come, by place: the queue moves its elements about, and an observation is large.</summary>
    private readonly List<Observation> _ends = [];
    private readonly Stack<int> _places = [];
    private readonly List<Decision> _decisions = [];
    private readonly List<Block> _ended = [];
    private readonly List<Block> _open = [];
    private BlockBuilder _builder;
    private Judge _judge;
    private RolloutState _state;
    private DateTimeOffset? _due;

    /// <summary>Starts the migration at <paramref name="start"/>; the looks are whole intervals after it.</summary>
    public RolloutReplay(RolloutSpec spec, DateTimeOffset start, BlockOptions? options = null)
    {
        _spec = spec;
        _start = start;
        _options = options ?? new BlockOptions();
        Now = start;
        _due = start;
        var started = RolloutVerbs.Apply(spec, new RolloutState { Id = spec.Id }, RolloutVerb.Start, "replay", "", start);
        _state = started.Decision?.Next ?? throw new ArgumentException(started.Message, nameof(spec));
        _judge = new Judge(RolloutJudging.SpecFor(spec, _state));
        _builder = NewBuilder(incarnation: 1, state: null);
    }

    public RolloutState State => _state;

    /// <summary>Where <see cref="State"/> came from, in order; the time of each is its state's <see cref="RolloutState.Since"/>, but for alerts.</summary>
    public IReadOnlyList<Decision> Decisions => _decisions;

    /// <summary>As the newest look saw it, or null before the first.</summary>
    public Evidence? Last { get; private set; }

    /// <summary>When the newest look was, or the start.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The judge that the evidence is in.</summary>
    public Judge Judge => _judge;

    /// <summary>Requests that met the target while it was not proven.</summary>
    public long Exposed { get; private set; }

    /// <summary>Requests that may still meet the target, or null without a budget; at 0 the caller must send them to the source.</summary>
    public long? ExposureLeft => _spec.ExposureBudget is { } budget && !_state.TargetProven ? Math.Max(0, budget - Exposed) : null;

    /// <summary>Snapshots published so far; part of an admission. Grows when the weight does or falls.</summary>
    public long Revision { get; private set; } = 1;

    /// <summary>Whether the migration ended.</summary>
    public bool IsOver => _state.Phase is RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Failed
        || (EndsAtPromotion && _state.Phase == RolloutPhase.Watching);

    /// <summary>Takes a promotion for the end and watches nothing: a recording knows no hold-back.</summary>
    public bool EndsAtPromotion { get; init; }

    /// <summary>Looks at every interval, also when nothing can have changed; for tests.</summary>
    public bool LooksAlways { get; init; }

    /// <summary>Looks that were taken.</summary>
    public long Looks { get; private set; }

    /// <summary>Told of every block as it is folded, when set.</summary>
    public Action<Block>? Folded { get; init; }

    /// <summary>
    /// Takes a request whose end is known: it ends its latency after its admission. Looks first at everything before the admission, so that a
    /// caller that divides traffic by <see cref="State"/> calls <see cref="RunTo"/> before it chooses the arm. Of a migration that is over
    /// nothing more is taken.
    /// </summary>
    public void Add(in Admission admission, in Observation ended) => Add(admission, ended, admission.At + ended.Latency);

    /// <summary>
    /// The same when the end is only heard of at <paramref name="heard"/>, because what carries it is slow. A request given twice while it
    /// runs counts once.
    /// </summary>
    public void Add(in Admission admission, in Observation ended, DateTimeOffset heard)
    {
        RunTo(admission.At);
        if (IsOver)
        {
            return;
        }

        Admit(admission);
        if (!_places.TryPop(out var place))
        {
            place = _ends.Count;
            _ends.Add(default);
        }

        _ends[place] = ended;
        _running.Enqueue(place, (heard.UtcTicks, admission.Ticket));
    }

    /// <summary>
    /// Takes every look before <paramref name="time"/>, and the requests that ended until each. A look at <paramref name="time"/> itself waits
    /// for what happens at that very moment. Stops when the migration is over.
    /// </summary>
    public void RunTo(DateTimeOffset time)
    {
        while (!IsOver && NextLook(time) is { } look && look < time)
        {
            EndUntil(look);
            Look(look);
        }
    }

    /// <summary>
    /// Goes on from the judge's state alone, as a controller that was killed does: <paramref name="roundTrip"/> may store it and read it
    /// back. With <paramref name="losesOpen"/> what was not folded is lost for both arms.
    /// </summary>
    public void Restart(bool losesOpen, Func<JudgeState, JudgeState> roundTrip)
    {
        _judge = new Judge(_judge.Spec, roundTrip(_judge.Snapshot()));
        _due = Now;
        if (losesOpen)
        {
            _running.Clear();
            _ends.Clear();
            _places.Clear();
            _builder = NewBuilder(_builder.Incarnation + 1, _judge.Snapshot());
        }
    }

    private BlockBuilder NewBuilder(long incarnation, JudgeState? state) => new(
        _spec.Id, _state.Attempt, Replica, incarnation, Judge.SignalsFor(_spec.Gates, _spec.HardStops), state?.Quantiles, state?.MeanCost, _options,
        state?.FollowedKeys);

    private void Admit(in Admission admission)
    {
        Exposed += admission.Arm == Arm.Target && !_state.TargetProven ? 1 : 0;
        _builder.Admit(admission);
        _due = Earlier(_due, admission.At);
    }

    private void EndUntil(DateTimeOffset time)
    {
        while (_running.TryPeek(out var place, out var at) && at.At <= time.UtcTicks)
        {
            _running.Dequeue();
            _builder.End(CollectionsMarshal.AsSpan(_ends)[place]);
            _places.Push(place);
        }
    }

    /// <summary>The next look at which something can have changed, or null.</summary>
    private DateTimeOffset? NextLook(DateTimeOffset before)
    {
        if (LooksAlways)
        {
            return Now + Interval;
        }

        var next = _due ?? DateTimeOffset.MaxValue;
        if (_running.TryPeek(out _, out var first) && first.At < next.UtcTicks)
        {
            next = new DateTimeOffset(first.At, TimeSpan.Zero);
        }

        // Later than what is asked for: no need to put it on the grid.
        return next >= before ? null : OnGrid(next);
    }

    /// <summary>The first look at or after a time, and after the newest.</summary>
    private DateTimeOffset OnGrid(DateTimeOffset time)
    {
        var intervals = (time - _start + Interval - TimeSpan.FromTicks(1)).Ticks / Interval.Ticks;
        var look = _start + (intervals * Interval);
        return look > Now ? look : Now + Interval;
    }

    private void Look(DateTimeOffset now)
    {
        Now = now;
        Looks++;
        _ended.Clear();
        _builder.TakeEnded(now, _ended);
        foreach (var block in _ended)
        {
            _judge.Fold(block);
            Folded?.Invoke(block);
        }

        if (_spec.ExposureBudget is not null && _state.ExposureSpent != Exposed)
        {
            _state = _state with { ExposureSpent = Exposed };
        }

        _builder.ReadOpen(now, _open);
        var evidence = _judge.Evaluate(_open, RolloutJudging.MarginFactor(_spec, _state), now);
        Last = ExposureLeft is { } left ? evidence with { ExposureLeft = left } : evidence;
        if (RolloutDecider.Decide(_spec, _state, Last, now) is { } decision)
        {
            Carry(decision, now);
            // Another state asks for other evidence.
            _due = now;
            return;
        }

        _due = Earlier(_builder.NextChange(now), Earlier(RolloutDecider.NextDue(_spec, _state, now), _judge.NextChange(now)));
    }

    private void Carry(Decision decision, DateTimeOffset now)
    {
        for (Decision? next = decision; next is not null;)
        {
            Revision += next.Next.WeightPpm == _state.WeightPpm ? 0 : 1;
            _state = next.Next;
            _decisions.Add(next);
            next = _state.Phase switch
            {
                RolloutPhase.Promoting => RolloutTransitions.Promoted(_spec, _state, now),
                RolloutPhase.RollingBack => RolloutTransitions.RolledBack(_spec, _state, now),
                RolloutPhase.Planned or RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.AwaitingApproval or RolloutPhase.Paused
                    or RolloutPhase.Frozen or RolloutPhase.Watching or RolloutPhase.Completed or RolloutPhase.RolledBack or RolloutPhase.Failed => null,
            };
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
