using System.Globalization;
using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Rollouts;

/// <summary>What in the evidence speaks against the target, and what its policy asks for.</summary>
internal static class Findings
{
    /// <summary>Gates in their order, then the hard stops that do not cool down.</summary>
    public static IReadOnlyList<Finding> Of(RolloutSpec spec, RolloutState state, Evidence evidence, DateTimeOffset now)
    {
        List<Finding>? found = null;
        foreach (var gate in evidence.Gates)
        {
            if (gate.Verdict == Verdict.Worse)
            {
                (found ??= []).Add(new Finding(gate.Name, PolicyOf(spec, gate.Name), gate, Stop: null));
            }
            else if (gate is { Starved: true, NoData: NoDataPolicy.Rollback })
            {
                (found ??= []).Add(new Finding(gate.Name, RegressionPolicy.Rollback, gate, Stop: null));
            }
        }

        foreach (var stop in evidence.HardStops)
        {
            if (!CoolsDown(spec, state, stop.Name, now))
            {
                (found ??= []).Add(new Finding(stop.Name, spec.OnRegression, Judged: null, stop));
            }
        }

        return found ?? (IReadOnlyList<Finding>)[];
    }

    private static bool CoolsDown(RolloutSpec spec, RolloutState state, string name, DateTimeOffset now)
    {
        foreach (var fired in state.Fired)
        {
            if (string.Equals(fired.Name, name, StringComparison.Ordinal))
            {
                foreach (var stop in spec.HardStops)
                {
                    if (string.Equals(stop.Name, name, StringComparison.Ordinal))
                    {
                        return now - fired.At < stop.Cooldown;
                    }
                }
            }
        }

        return false;
    }

    private static RegressionPolicy PolicyOf(RolloutSpec spec, string name)
    {
        foreach (var gate in spec.Gates)
        {
            if (string.Equals(gate.Name, name, StringComparison.Ordinal))
            {
                return gate.OnRegression ?? spec.OnRegression;
            }
        }

        return spec.OnRegression;
    }

    private static string Words(GateEvidence gate)
    {
        if (gate.Verdict != Verdict.Worse)
        {
            return $"{gate.Name}: the target has taken requests for {gate.NoDataSeconds:0} s without data for this gate, and noData says rollback.";
        }

        var counts = gate switch
        {
            { Metric: Metric.Preference } => $"it lost {gate.TargetEvents} and won {gate.SourceEvents} of {gate.TargetExposures} pairs",
            { Metric: Metric.Cost, SourceMean: > 0 } => string.Create(
                CultureInfo.InvariantCulture, $"it costs {gate.TargetMean / gate.SourceMean:0.##} times as much over {gate.TargetExposures} pairs of requests"),
            { SourceMean: not null } when MetricTraits.IsLatencyRank(gate.Metric) => string.Create(
                CultureInfo.InvariantCulture,
                $"a request is slower than the source's with a probability of {(0.5 + gate.TargetMean - gate.SourceMean) * 100:0.#} % over {gate.TargetExposures} of them"),
            { SourceMean: not null } => string.Create(
                CultureInfo.InvariantCulture, $"mean {gate.TargetMean:0.###} against {gate.SourceMean:0.###} over {gate.TargetExposures} pairs"),
            _ => $"{gate.TargetEvents} of {gate.TargetExposures} {(gate.CountedBy == GateUnit.Key ? "keys" : "requests")} against {gate.SourceEvents} of {gate.SourceExposures}",
        };
        var (since, evidence, needed) = gate is { WatchLog10: { } level, WatchNeededLog10: { } alarm } && gate.HarmLog10 < gate.HarmNeededLog10
            ? ("since the promotion, ", level, alarm)
            : ("", gate.HarmLog10, gate.HarmNeededLog10);
        return $"{gate.Name}: the target is worse: {counts} ({since}evidence 10^{evidence:0.00}, needed 10^{needed:0.00}).";
    }

    /// <summary>One of them: what a gate or a hard stop says. Put into words only when a decision follows; an alert may stand for an hour.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Finding(string Gate, RegressionPolicy Policy, GateEvidence? Judged, HardStopEvidence? Stop)
    {
        /// <summary>Whether a fixed rule found it, and not a gate.</summary>
        public bool IsHardStop => Stop is not null;

        public string Reason => Judged is not null ? Words(Judged) : $"{Gate}: the hard stop fired: {Stop?.Words()}.";

        /// <summary>The state that remembers when the rule fired.</summary>
        public RolloutState Mark(RolloutState state, DateTimeOffset now)
        {
            var name = Gate;
            return IsHardStop ? state with { Fired = [.. state.Fired.Where(mark => mark.Name != name), new HardStopMark(name, now)] } : state;
        }
    }
}
