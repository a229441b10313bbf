using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// Freezes the source's latency quantiles from its first answered requests, in the order of admission: in the order of ending the
/// fast ones would come first. A few may still run then; they count as slower than all others.
/// </summary>
internal sealed class QuantileFreezer(int sample, FrozenQuantiles? frozen)
{
    /// <summary>Share of the sample that may still run when the quantiles are frozen; below the share above p90.</summary>
    private const double MayRun = 0.05;

    private readonly HashSet<long> _running = [];
    private readonly List<(TimeSpan Total, TimeSpan FirstToken)> _answered = [];

    public FrozenQuantiles? Frozen { get; private set; } = frozen;

    public void Admit(long ticket)
    {
        if (Frozen is null && _running.Count + _answered.Count < sample)
        {
            _running.Add(ticket);
        }
    }

    public void End(in Observation ended)
    {
        if (Frozen is not null || !_running.Remove(ended.Ticket) || ended.Outcome != Outcome.Ok)
        {
            return;
        }

        _answered.Add((ended.Latency, ended.FirstToken ?? ended.Latency));
        if (_running.Count + _answered.Count >= sample && _running.Count <= MayRun * sample)
        {
            Freeze();
        }
    }

    private void Freeze()
    {
        var totals = _answered.ConvertAll(a => a.Total);
        var firsts = _answered.ConvertAll(a => a.FirstToken);
        totals.Sort();
        firsts.Sort();
        Frozen = new FrozenQuantiles(At(totals, 0.5), At(totals, 0.9), At(firsts, 0.5), At(firsts, 0.9));
        _running.Clear();
        _answered.Clear();
    }

    private TimeSpan At(List<TimeSpan> sorted, double quantile) =>
        sorted[Math.Clamp((int)Math.Ceiling(quantile * sample) - 1, 0, sorted.Count - 1)];
}
