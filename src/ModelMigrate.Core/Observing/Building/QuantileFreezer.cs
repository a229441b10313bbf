using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Freezes the source's latency quantiles from a cohort of answered requests, in the order of admission: in the order of ending the
/// fast ones would come first. A few may still run then; they count as slower than all others.
/// </summary>
/// <remarks>
/// Cohorts follow one another. One that the frozen values no longer describe (a cold start, another time of day) freezes anew: with
/// hardly any answer above the limit, or nearly all, the gate would never decide. A block keeps the values that it began with, so the
/// limits are predictable and the test stays valid (rollouts research 2.3). A source that answers rarely or fails much must not keep the
/// gates without any: past <see cref="BlockOptions.QuantileWait"/>, or once as many failed as the cohort holds, fewer answers do for the first.
/// </remarks>
internal sealed class QuantileFreezer(BlockOptions options, FrozenQuantiles? frozen)
{
    /// <summary>Share of the cohort that may still run when it is complete; below the share above p90.</summary>
    private const double MayRun = 0.05;

    /// <summary>Shares of a cohort above the frozen median and 90th percentile that still describe it: four deviations and more at 100 answers.</summary>
    private const double LeastAboveP50 = 0.2, MostAboveP50 = 0.8, LeastAboveP90 = 0.02, MostAboveP90 = 0.3;

    private readonly HashSet<long> _running = [];
    private readonly List<(TimeSpan Total, TimeSpan FirstToken)> _answered = [];
    private DateTimeOffset? _since;
    private int _failed;
    private bool _settlesForLess;

    public FrozenQuantiles? Frozen { get; private set; } = frozen;

    public void Admit(long ticket, DateTimeOffset at)
    {
        if (Cohort < options.QuantileSample)
        {
            _running.Add(ticket);
        }

        // Told by admissions and never by the clock, so that the same stream freezes the same quantiles however it is drained.
        _since ??= at;
        _settlesForLess |= at - _since >= options.QuantileWait;
        FreezeFewer();
    }

    public void End(in Observation ended)
    {
        if (!_running.Remove(ended.Ticket))
        {
            return;
        }

        if (ended.LatencyUnknown)
        {
            return;
        }

        if (ended.Outcome != Outcome.Ok)
        {
            _settlesForLess |= Request.Fails(ended.Outcome) && ++_failed >= options.QuantileSample;
            FreezeFewer();
            return;
        }

        _answered.Add((ended.Latency, ended.FirstToken ?? ended.Latency));
        FreezeFewer();
        if (Cohort >= options.QuantileSample && _running.Count <= MayRun * options.QuantileSample)
        {
            if (Frozen is null || !Describes(Frozen))
            {
                Freeze();
            }

            BeginCohort();
        }
    }

    private int Cohort => _running.Count + _answered.Count;

    private void FreezeFewer()
    {
        if (Frozen is null && _settlesForLess && _answered.Count >= Math.Min(options.QuantileMinimum, options.QuantileSample))
        {
            Freeze();
            BeginCohort();
        }
    }

    private void BeginCohort()
    {
        _running.Clear();
        _answered.Clear();
    }

    private bool Describes(FrozenQuantiles frozen) =>
        Above(frozen.TotalP50, static a => a.Total) is >= LeastAboveP50 and <= MostAboveP50
        && Above(frozen.TotalP90, static a => a.Total) is >= LeastAboveP90 and <= MostAboveP90
        && Above(frozen.FirstTokenP50, static a => a.FirstToken) is >= LeastAboveP50 and <= MostAboveP50
        && Above(frozen.FirstTokenP90, static a => a.FirstToken) is >= LeastAboveP90 and <= MostAboveP90;

    /// <summary>The cohort's share above a limit; what still runs is above.</summary>
    private double Above(TimeSpan limit, Func<(TimeSpan Total, TimeSpan FirstToken), TimeSpan> value)
    {
        var above = _running.Count;
        foreach (var answer in _answered)
        {
            above += value(answer) > limit ? 1 : 0;
        }

        return above / (double)Cohort;
    }

    private void Freeze()
    {
        var totals = _answered.ConvertAll(a => a.Total);
        var firsts = _answered.ConvertAll(a => a.FirstToken);
        totals.Sort();
        firsts.Sort();
        Frozen = new FrozenQuantiles(At(totals, 0.5), At(totals, 0.9), At(firsts, 0.5), At(firsts, 0.9))
        {
            TotalP95 = At(totals, 0.95), FirstTokenP95 = At(firsts, 0.95),
        };
    }

    private TimeSpan At(List<TimeSpan> sorted, double quantile) =>
        sorted[Math.Clamp((int)Math.Ceiling(quantile * Cohort) - 1, 0, sorted.Count - 1)];
}
