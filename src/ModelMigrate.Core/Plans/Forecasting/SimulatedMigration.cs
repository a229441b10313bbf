using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Plans.Growing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Rollouts.Replaying;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>
/// One migration from its first request to its promotion or rollback: made-up traffic through the judge and decider that run live.
/// Requests come at random, many users share them evenly, latency is lognormal, failures take as long as answers.
/// </summary>
internal sealed class SimulatedMigration
{
    /// <summary>Users; enough that none holds a notable share.</summary>
    private const int Keys = 2000;

    /// <summary>The median that stands for an unknown one; gates compare the arms, so that it cancels.</summary>
    private const double NominalMs = 800;

    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private readonly RolloutSpec _spec;
    private readonly Traffic _traffic;
    private readonly Question _question;
    private readonly SeededDraws _draws;
    private readonly ulong _salt;
    private readonly bool _asksSatisfaction;

    /// <param name="spec">What runs; nobody is there to approve, and a freeze or an alert is as good as a rollback.</param>
    /// <param name="traffic">The route's traffic.</param>
    /// <param name="question">How the target differs.</param>
    /// <param name="draws">Decides everything random.</param>
    public SimulatedMigration(RolloutSpec spec, Traffic traffic, Question question, SeededDraws draws)
    {
        (_traffic, _question, _draws) = (traffic, question, draws);
        _spec = spec with
        {
            OnRegression = RegressionPolicy.Rollback,
            Gates = [.. spec.Gates.Where(gate => BetRates.IsSimulated(gate.Metric)).Select(gate => gate with { OnRegression = null })],
            Steps = [.. spec.Steps.Select(step => step with { Approval = false })],
        };
        _salt = draws.Next();
        _asksSatisfaction = spec.Gates.Any(gate => gate.Metric == Metric.Satisfaction);
    }

    /// <summary>Runs until it is promoted, rolled back or paused, at most <paramref name="limitSeconds"/>.</summary>
    public SimulatedOutcome Run(double limitSeconds)
    {
        var replay = new RolloutReplay(_spec, s_start);
        var requests = 0L;
        for (var at = _draws.Gap(_traffic.Rate); at < limitSeconds; at += _draws.Gap(_traffic.Rate))
        {
            var time = s_start.AddTicks((long)(at * TimeSpan.TicksPerSecond));
            replay.RunTo(time);
            if (IsDecided(replay.State))
            {
                break;
            }

            Request(replay, ++requests, time);
        }

        if (!IsDecided(replay.State))
        {
            replay.RunTo(s_start.AddSeconds(limitSeconds));
        }

        return new(replay.State.Phase, (replay.State.Since - s_start).TotalSeconds, requests, replay.Exposed);
    }

    // A paused migration waits for a person, and a promoted one has met what is asked.
    private static bool IsDecided(RolloutState state) => state.Phase is not (RolloutPhase.Planned or RolloutPhase.Running or RolloutPhase.Holding);

    private void Request(RolloutReplay replay, long ticket, DateTimeOffset time)
    {
        var key = _draws.Next() % Keys;
        var isTarget = Bucket(key) < (uint)replay.State.WeightPpm && replay.ExposureLeft is not 0;
        var failed = _draws.Happens(_traffic.ErrorRate + (isTarget ? _question.ErrorsAdded : 0));
        var median = (_traffic.LatencyP50Ms ?? NominalMs) * (isTarget ? _question.LatencyFactor : 1);
        var latency = TimeSpan.FromMilliseconds(Math.Min(median * Math.Exp(_traffic.LatencySigma * _draws.Normal()), 3.6e6));
        replay.Add(
            new Admission(ticket, _spec.Id, replay.State.Attempt, replay.Revision, replay.State.WeightPpm, isTarget ? Arm.Target : Arm.Source, key, time),
            new Observation
            {
                Ticket = ticket,
                Outcome = failed ? Outcome.Error : Outcome.Ok,
                Latency = latency,
                FirstToken = failed ? null : latency / 2,
                Quality = failed ? null : Score(_traffic.Quality * (isTarget ? _question.QualityFactor : 1)),
                Satisfaction = failed || !_asksSatisfaction ? null : Score(_traffic.Quality),
                Checked = failed ? 0 : ulong.MaxValue,
                FailedChecks = !failed && _draws.Happens(_traffic.ErrorRate) ? ulong.MaxValue : 0,
            });
    }

    /// <summary>A score whose difference between two requests has the spread that is assumed; null for those that nobody scores.</summary>
    private double? Score(double mean)
    {
        if (_traffic.QualityShare <= 0 || !_draws.Happens(_traffic.QualityShare))
        {
            return null;
        }

        return Math.Clamp(mean + (_traffic.QualitySpread / Math.Sqrt(2) * _draws.Normal()), 0, 1);
    }

    /// <summary>A user's place in parts per million, another one in each repetition.</summary>
    private uint Bucket(ulong key) => (uint)(new SeededDraws(key ^ _salt).Next() % 1_000_000);
}
