using System.Globalization;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Rollouts.Replaying;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Recorded;

/// <summary>One run of an observation file on its way through the judge and the decider.</summary>
internal sealed class JudgedRun
{
    /// <summary>A run whose first line is earlier than this begins at 0, else at its first line's second.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(1);

    private readonly Schedule? _schedule;
    private readonly RolloutSpec _spec;
    private readonly DateTimeOffset _start;
    private readonly RolloutReplay _replay;
    private long _ticket;
    private long _lastTicks;

    public JudgedRun(RolloutSpec spec, Schedule? schedule, long firstTicks)
    {
        (_schedule, _spec) = (schedule, spec);
        _start = DateTimeOffset.UnixEpoch.AddTicks(firstTicks < s_late.Ticks ? 0 : firstTicks - (firstTicks % TimeSpan.TicksPerSecond));
        _replay = new RolloutReplay(spec, _start) { EndsAtPromotion = true };
    }

    /// <summary>Whether further lines change nothing.</summary>
    public bool IsOver => _replay.IsOver;

    public void Add(in ObservationLine line)
    {
        if (IsOver)
        {
            return;
        }

        var at = DateTimeOffset.UnixEpoch.AddTicks(line.AtTicks);
        // Without a schedule the share that was realised is the weight, and there is nothing to hold it against.
        var weight = _schedule?.WeightAt(at - _start) ?? 0;
        var latency = line.LatencyTicks >= 0 ? line.LatencyTicks : Math.Max(0, line.FirstTokenTicks);
        _lastTicks = Math.Max(_lastTicks, line.AtTicks + latency);
        _replay.Add(
            new Admission(++_ticket, _spec.Id, 1, Revision: weight, weight, line.Arm, line.Key, at),
            new Observation
            {
                Ticket = _ticket,
                Outcome = line.Outcome,
                FirstToken = line.FirstTokenTicks >= 0 ? TimeSpan.FromTicks(line.FirstTokenTicks) : null,
                Latency = TimeSpan.FromTicks(latency),
                LatencyUnknown = line.LatencyTicks < 0,
                Cost = line.Cost,
                Checked = line.Checked,
                FailedChecks = line.FailedChecks,
                Quality = line.Quality,
                Satisfaction = line.Satisfaction,
                Pair = line.Pair,
            });
    }

    /// <summary>Runs on until every outcome is known and every block closed, and says what came of it.</summary>
    public RunResult Finish()
    {
        var options = new BlockOptions();
        _replay.RunTo(DateTimeOffset.UnixEpoch.AddTicks(_lastTicks) + options.MaximumAge + TimeSpan.FromSeconds(3));
        var evidence = _replay.Last!;
        var decided = _replay.Decisions.FirstOrDefault(decision => decision.Kind is DecisionKind.Promoting or DecisionKind.RollingBack);
        var lacking = evidence.Gates.FirstOrDefault(gate => gate is { Required: true, FinalVerdict: Verdict.NoData });
        var open = lacking ?? evidence.Gates.FirstOrDefault(gate => gate.Required && gate.FinalVerdict != Verdict.NotWorse);
        return new RunResult
        {
            Verdict = decided?.Kind switch
            {
                DecisionKind.Promoting => RunVerdict.Promote,
                DecisionKind.RollingBack => RunVerdict.Rollback,
                _ => lacking is null ? RunVerdict.Undecided : RunVerdict.NoData,
            },
            At = (_replay.Now - DateTimeOffset.UnixEpoch).TotalSeconds,
            Gate = decided is null ? open?.Name : decided.Gate,
            TargetRequests = evidence.Target.Admissions,
            TargetBad = evidence.Target.Failures,
            SourceRequests = evidence.Source.Admissions,
            SourceBad = evidence.Source.Failures,
            Reason = decided?.Reason ?? Waiting(evidence, open) ?? _replay.State.Reason,
            Evidence = RunEvidence.Of(evidence),
        };
    }

    /// <summary>What a promotion waited for at the end of the recording, or null when for the schedule alone.</summary>
    private static string? Waiting(Evidence evidence, GateEvidence? open) =>
        evidence.Fault is { } fault ? $"The counts contradict themselves: {fault}."
        : open is { FinalVerdict: Verdict.NoData } ? $"{open.Name} has no data: {open.SourceExposures} source and {open.TargetExposures} target requests to compare."
        : open is not null ? string.Create(
            CultureInfo.InvariantCulture,
            $"{open.Name} is undecided: evidence 10^{open.PromoteFinalLog10:0.00} of 10^{open.PromoteNeededLog10:0.00}{(open.Note is null ? "" : $"; {open.Note}")}.")
        : evidence.FewKeys;
}
