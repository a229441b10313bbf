using System.Runtime.InteropServices;
using System.Text.Json;
using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Rollouts.Replaying;

namespace ModelMigrate.Benchmarks.Rollouts.Judged;

/// <summary>One repetition through the product: its own router's rule, block builder, judge and decider, on its own grid of looks.</summary>
internal static class JudgedRun
{
    /// <summary>Seconds until the simulation gives up waiting for a decision: twice the schedule, because an undecided step is held.</summary>
    public const double Patience = 2 * Schedule.Horizon;

    private const double Ahead = 60;

    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What the product did, and what it would have done on the plain evidence, without what defends against single keys.</summary>
    public static (Trial Judged, Trial WithoutKeyDefences) Run(Scenario scenario, TrafficStream traffic, RolloutSpec spec)
    {
        var replay = new RolloutReplay(spec, s_start);
        int exposed = 0, inTime = 0;
        Trial? plain = null;
        Evidence? seen = null;
        var ticket = 0L;
        var crash = scenario.CrashEvery;
        for (var i = 0; ; i++)
        {
            if (i >= traffic.Arrivals.Count)
            {
                traffic.EnsureUntil((traffic.Arrivals.Count == 0 ? 0 : traffic.Arrivals[^1].At) + Ahead);
                i--;
                continue;
            }

            ref readonly var arrival = ref CollectionsMarshal.AsSpan(traffic.Arrivals)[i];
            var at = At(Math.Min(arrival.At, Patience));
            while (crash < Seconds(at))
            {
                replay.RunTo(At(crash));
                replay.Restart(losesOpen: true, static state => JsonSerializer.Deserialize<JudgeState>(JsonSerializer.SerializeToUtf8Bytes(state))!);
                crash += scenario.CrashEvery;
            }

            replay.RunTo(at);
            if (!ReferenceEquals(seen, replay.Last))
            {
                seen = replay.Last;
                plain ??= CrossesPlainly(seen!) ? Trial.RolledBack(Seconds(replay.Now), exposed, inTime) : null;
            }

            if (replay.State.Phase is RolloutPhase.RolledBack or RolloutPhase.Watching || arrival.At >= Patience)
            {
                var judged = replay.State.Phase switch
                {
                    RolloutPhase.RolledBack => Trial.RolledBack(Seconds(replay.Now), exposed, inTime),
                    RolloutPhase.Watching => Trial.Promoted(Seconds(replay.Now), inTime),
                    _ => Trial.Undecided(inTime),
                };
                return (judged, plain ?? judged);
            }

            var isTarget = traffic.BucketOf(arrival.Key) < replay.State.WeightPpm;
            exposed += isTarget ? 1 : 0;
            inTime += isTarget && arrival.At < Schedule.Horizon ? 1 : 0;
            if ((arrival.At > scenario.GapFrom && arrival.At < scenario.GapTo) || (isTarget && arrival.Pipeline < scenario.LostOnTarget))
            {
                continue;
            }

            var answer = Answering.Serve(arrival, isTarget ? scenario.Target : scenario.Source);
            var admission = new Admission(
                ++ticket, spec.Id, replay.State.Attempt, replay.Revision, replay.State.WeightPpm, isTarget ? Arm.Target : Arm.Source,
                traffic.IdentityOf(arrival.Key), at);
            var ended = Ended(ticket, answer, scenario.Extra);
            var isLate = arrival.Pipeline >= scenario.Disorder && arrival.Pipeline < 2 * scenario.Disorder;
            replay.Add(admission, ended, at + ended.Latency + TimeSpan.FromSeconds(isLate ? Scenario.Late : 0));
            if (arrival.Pipeline < scenario.Disorder)
            {
                replay.Add(admission, ended);
            }
        }
    }

    private static Observation Ended(long ticket, in Answer answer, ExtraMetrics extra) => new()
    {
        Ticket = ticket,
        Outcome = answer.Outcome,
        Latency = TimeSpan.FromSeconds(answer.Latency),
        FirstToken = double.IsNaN(answer.FirstToken) ? null : TimeSpan.FromSeconds(answer.FirstToken),
        Cost = extra.HasFlag(ExtraMetrics.Cost) && answer.Outcome == Outcome.Ok ? (decimal)answer.Cost : null,
        Quality = extra.HasFlag(ExtraMetrics.Quality) && answer.Outcome == Outcome.Ok ? answer.Quality : null,
    };

    private static bool CrossesPlainly(Evidence evidence)
    {
        foreach (var gate in evidence.Gates)
        {
            if (gate.HarmLog10 >= gate.HarmNeededLog10)
            {
                return true;
            }
        }

        return false;
    }

    private static DateTimeOffset At(double seconds) => s_start.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    private static double Seconds(DateTimeOffset time) => (time - s_start).TotalSeconds;
}
