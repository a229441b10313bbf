using System.Globalization;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>
/// Whether a result is worse than a baseline by more than a tolerance, by the paired gate: the baseline's evaluated model is its source. Cases are paired by id where both
/// files hold their scores, corpus values by the counts of each case; else means are compared as if their cases were unlike, which needs more of them, and corpus values not at all.
/// </summary>
public static class RegressionCheck
{
    /// <summary>Every metric of the baseline is asked, but those that only describe. One that the result has not, or by another signature, is refused.</summary>
    public static GateResult Of(EvaluationResult result, EvaluationResult baseline, RegressionOptions options)
    {
        var refusals = new List<GateRefusal>();
        foreach (var (which, file) in new[] { ("The result", result), ("The baseline", baseline) })
        {
            if (ResultRefusals.Incomplete(file, which) is { Length: > 0 } why)
            {
                refusals.Add(new(file.Completeness == DataCompleteness.Partial ? GateRefusalReason.PartialData : GateRefusalReason.LimitedData, why));
            }
        }

        if (result.Dataset.Hash != baseline.Dataset.Hash)
        {
            refusals.Add(new(
                GateRefusalReason.UnlikeData,
                $"The baseline is of other rows ({baseline.Dataset.Name}, {baseline.Dataset.Hash}) than the result ({result.Dataset.Name}, {result.Dataset.Hash}); evaluate the baseline's model on these, and bless that."));
        }

        var unknown = options.Tolerances.Keys.FirstOrDefault(name => baseline.Metrics.All(metric => metric.Metric != name));
        if (unknown is not null)
        {
            refusals.Add(new(GateRefusalReason.NoScores, $"A tolerance is for {unknown}, which the baseline has not; it has {string.Join(", ", baseline.Metrics.Select(static metric => metric.Metric))}.", unknown));
        }

        var gates = new List<MetricGate>();
        var paired = new List<PairedScores>();
        var apart = new Dictionary<string, Compared>(StringComparer.Ordinal);
        foreach (var before in baseline.Metrics.Where(static metric => metric.Direction != MetricDirection.Neither))
        {
            gates.Add(new MetricGate
            {
                Metric = before.Metric,
                Margin = options.Tolerances.TryGetValue(before.Metric, out var own) ? own : options.Tolerance,
                IsRelative = !options.IsAbsolute,
                MinimumCases = options.MinimumCases,
            });
            if (result.Metrics.FirstOrDefault(metric => metric.Metric == before.Metric) is not { } after)
            {
                refusals.Add(new(GateRefusalReason.NoScores, $"{before.Metric}: the baseline has it, the result does not; what is no longer measured counts as lost. Score it, or bless a baseline without it.", before.Metric));
            }
            else if (Pairs(before, after, baseline, result) is { } pairs)
            {
                paired.Add(pairs);
            }
            else if (Apart(before, after, options, refusals) is { } values)
            {
                apart[before.Metric] = values;
            }
        }

        refusals.AddRange(GateRefusals.Of([.. gates.Where(gate => paired.Exists(each => each.Metric == gate.Metric))], paired, options.Gate, DataCompleteness.Complete)
            .Where(refusal => refusal.Reason != GateRefusalReason.NoGates));
        if (gates.Count == 0)
        {
            refusals.Add(new(GateRefusalReason.NoGates, "The baseline has no metric that a gate could ask for, so nothing can pass."));
        }

        return refusals.Count > 0
            ? GateResult.Refused(refusals, options.Gate)
            : PairedGate.Weigh(
                [.. gates.Select(gate => new Asked(gate, apart.GetValueOrDefault(gate.Metric) ?? Compared.Of(paired.Single(each => each.Metric == gate.Metric), options.Gate), options.Gate))],
                options.Gate);
    }

    /// <summary>Both runs' scores case by case; null when one of them holds none.</summary>
    private static PairedScores? Pairs(MetricFigures before, MetricFigures after, EvaluationResult baseline, EvaluationResult result)
    {
        if (before.Target.Corpus is not null || after.Target.Corpus is not null)
        {
            return CorpusPairs(before, after, baseline, result);
        }

        if (baseline.Samples?.Target.GetValueOrDefault(before.Metric) is not { } old || result.Samples?.Target.GetValueOrDefault(before.Metric) is not { } now)
        {
            return null;
        }

        var scores = new PairedScores(before.Metric, before.Signature, after.Signature, before.Direction) { Range = before.Range ?? double.PositiveInfinity, Worst = before.Worst };
        var places = result.Samples.Ids.Select(static (id, place) => (id, place)).ToDictionary(static each => each.id, static each => each.place, StringComparer.Ordinal);
        for (var i = 0; i < old.Count; i++)
        {
            // A case that is gone has no score: it counts as missing.
            scores.Add(old[i], places.TryGetValue(baseline.Samples.Ids[i], out var place) ? now[place] : null, baseline.Samples.Clusters?[i]);
        }

        return scores;
    }

    /// <summary>Both runs' counts case by case; null when one of them holds none, or this program makes the metric otherwise.</summary>
    private static PairedScores? CorpusPairs(MetricFigures before, MetricFigures after, EvaluationResult baseline, EvaluationResult result)
    {
        if (before.Signature != after.Signature || Made(before) is not { Corpus: { } corpus } metric
            || baseline.Samples?.TargetCounts?.GetValueOrDefault(before.Metric) is not { } old || result.Samples?.TargetCounts?.GetValueOrDefault(before.Metric) is not { } now)
        {
            return null;
        }

        var scores = new PairedScores(metric);
        var places = result.Samples.Ids.Select(static (id, place) => (id, place)).ToDictionary(static each => each.id, static each => each.place, StringComparer.Ordinal);
        for (var i = 0; i < old.Count; i++)
        {
            var (first, second) = (Counts(old[i], corpus), places.TryGetValue(baseline.Samples.Ids[i], out var place) ? Counts(now[place], corpus) : null);
            scores.Add(
                first is null ? null : baseline.Samples.Target[before.Metric][i], second is null ? null : result.Samples.Target[before.Metric][place], baseline.Samples.Clusters?[i], first, second);
        }

        return scores;
    }

    private static double[]? Counts(string? text, CorpusScorer corpus) => text is null ? null : SampleScores.Read(text, corpus.Width);

    /// <summary>The metric again; null when this program has none of that signature.</summary>
    private static AnswerMetric? Made(MetricFigures figures) =>
        MetricTable.Find(figures.Metric, figures.Profile) is { } definition
        && MetricTable.TryCreate(definition, figures.Parameters ?? new Dictionary<string, string>(StringComparer.Ordinal), out _) is { } metric && metric.Signature == figures.Signature
            ? metric
            : null;

    private static Compared? Apart(MetricFigures before, MetricFigures after, RegressionOptions options, List<GateRefusal> refusals)
    {
        var (old, now) = (before.Target, after.Target);
        var (all, missing) = (now.Cases + now.Missing, Math.Max(Share(old), Share(now)));
        var (reason, why) = before.Signature != after.Signature
            ? (GateRefusalReason.UnlikeSignatures, $"the baseline was scored by {before.Signature}, the result by {after.Signature}; score both by one.")
            : all == 0 ? (GateRefusalReason.NoRows, "there are no rows.")
            : missing > options.Gate.MostMissing
            ? (GateRefusalReason.TooManyMissing, string.Create(CultureInfo.InvariantCulture, $"{100 * missing:0.##} % of cases have no score, and at most {100 * options.Gate.MostMissing:0.##} % may be missing; ask those again."))
            : old.Corpus is not null || now.Corpus is not null
            ? (GateRefusalReason.NoScores, "it is a value of all rows together, and a file has not each row's counts, or this program counts otherwise: there were too many rows, or an older program wrote it. Write both again with evaluate or compare.")
            : Error(old) is null || Error(now) is null
            ? (GateRefusalReason.NoScores, "a file says neither its scores case by case nor how certain its value is; write it again with evaluate or compare.")
            : options is { IsAbsolute: false } && old.Value is not > 0
            ? (GateRefusalReason.WrongGate, "a relative tolerance needs a baseline above 0; write an absolute one (--absolute).")
            : (GateRefusalReason.NoGates, "");
        if (why.Length > 0)
        {
            refusals.Add(new(reason, $"{before.Metric}: {why}", before.Metric));
            return null;
        }

        return Compared.OfApart(before, (old.Value!.Value, Error(old)!.Value), (now.Value!.Value, Error(now)!.Value), Math.Min(old.Cases, now.Cases), all);
    }

    private static double Share(ArmFigures arm) => arm.Cases + arm.Missing == 0 ? 0 : arm.Missing / (double)(arm.Cases + arm.Missing);

    /// <summary>An interval whose ends are one, as of scores that are all 1, is Wilson's or nothing: no certainty is taken from it.</summary>
    private static double? Error(ArmFigures arm) => arm is { Value: not null, Low: { } low, High: { } high } && high > low ? (high - low) / (2 * 1.959963984540054)
        : arm is { Mean: not null, StandardError: > 0 and { } error } ? error
        : null;
}
