using System.Globalization;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>
/// Whether one finished run is as good as another. Metrics with scores of single cases are judged by pairs. Of those with averages alone a two-sample comparison may
/// show that the target is worse, and never that it is not: nothing says that both averages are of the same cases.
/// </summary>
public static class RunsCheck
{
    /// <summary>A gate of each metric of <paramref name="paired"/> and <paramref name="apart"/> at most; <paramref name="known"/>: why the runs cannot be judged already.</summary>
    public static GateResult Of(
        IReadOnlyList<MetricGate> gates, IReadOnlyList<PairedScores> paired, IReadOnlyList<MetricFigures> apart, IReadOnlyList<GateRefusal> known, GateOptions options, DataCompleteness completeness)
    {
        var alone = apart.Select(static metric => metric.Metric).ToHashSet(StringComparer.Ordinal);
        var told = known.Select(static refusal => refusal.Metric).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var refusals = new List<GateRefusal>(known);
        refusals.AddRange(GateRefusals.Of([.. gates.Where(gate => !alone.Contains(gate.Metric) && !told.Contains(gate.Metric))], paired, options, completeness)
            .Where(refusal => refusal.Reason != GateRefusalReason.NoGates || gates.Count == 0));
        var values = new Dictionary<string, Compared>(StringComparer.Ordinal);
        foreach (var (metric, gate) in apart.Join(gates, static metric => metric.Metric, static gate => gate.Metric, static (metric, gate) => (metric, gate), StringComparer.Ordinal))
        {
            if (Refuse(metric, gate) is { } why)
            {
                refusals.Add(new(GateRefusalReason.NoScores, $"{metric.Metric}: {why}", metric.Metric));
            }
            else
            {
                values[metric.Metric] = Apart(metric);
            }
        }

        return refusals.Count > 0
            ? GateResult.Refused(refusals, options)
            : Capped(
                PairedGate.Weigh([.. gates.Select(gate => new Asked(gate, values.GetValueOrDefault(gate.Metric) ?? Compared.Of(paired.Single(each => each.Metric == gate.Metric), options), options))], options),
                alone);
    }

    private static string? Refuse(MetricFigures metric, MetricGate gate) =>
        metric.Source is not { Mean: { } before, StandardError: > 0 and { } } || metric.Target is not { Mean: not null, StandardError: > 0 }
            ? "a file says neither its scores case by case nor its average with a standard error above 0, so that nothing says how certain it is."
        : metric.Source.Cases == 0 || metric.Target.Cases == 0 ? "a file does not say of how many cases its average is."
        : !double.IsFinite(gate.Margin) || gate.Margin < 0 || (gate.IsRelative && gate.Margin >= 1) ? "a margin is a number from 0 on, a relative one a share below 1."
        : gate.IsRelative && before <= 0 ? "a relative margin needs a source above 0; write an absolute one."
        : null;

    private static Compared Apart(MetricFigures metric)
    {
        var (before, after) = (metric.Source!, metric.Target);
        var cases = Math.Min(before.Cases, after.Cases);
        return Compared.OfApart(metric, (before.Mean!.Value, before.StandardError!.Value), (after.Mean!.Value, after.StandardError!.Value), cases, cases);
    }

    private static GateResult Capped(GateResult judged, HashSet<string> alone)
    {
        var metrics = judged.Metrics.Select(metric => metric.Verdict == GateVerdict.Pass && alone.Contains(metric.Metric)
            ? metric with { Verdict = GateVerdict.Inconclusive, Reason = string.Create(CultureInfo.InvariantCulture, $"Not paired, so no pass: the averages are {metric.Difference:+0.####;-0.####;0} apart, and nothing says that they are of the same cases. Give files with the scores of each case.") }
            : metric).ToList();
        var open = metrics.Where(metric => metric.Verdict == GateVerdict.Inconclusive).Select(static metric => metric.Metric).ToList();
        return judged.Verdict != GateVerdict.Pass || open.Count == 0
            ? judged with { Metrics = metrics }
            : judged with { Metrics = metrics, Verdict = GateVerdict.Inconclusive, Recommendation = Recommendation.Caution, Reason = $"Not decided: {string.Join(", ", open)}." };
    }
}
