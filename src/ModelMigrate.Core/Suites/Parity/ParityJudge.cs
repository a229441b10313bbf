using System.Globalization;
using System.Runtime.InteropServices;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Suites.Parity;

/// <summary>
/// Judges pairs by the gates of comparisons. Latency is asked as exceedance: of the source's answers a share of 1 − q takes longer than its own q-quantile; of
/// the target's no larger share, but for a margin, may take longer than <see cref="ParityTerms.Latency"/> times that. So it is a paired question of yes and no, to which a
/// few slow answers cannot lend more than their number.
/// </summary>
public static class ParityJudge
{
    /// <summary>Quantile → margin: at the median more answers lie near the line.</summary>
    private static readonly (string Name, double Quantile, double Margin)[] s_latencies = [("latency_p50", 0.5, 0.1), ("latency_p95", 0.95, 0.05)];

    /// <summary>Pure: the same pairs give the same verdict.</summary>
    public static ParityVerdict Judge(ParityTerms terms, IReadOnlyList<ParityPair> pairs, GateOptions options)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["pairs"] = pairs.Count };
        var errors = Scores("errors", pairs, static side => side.Text is null ? 1 : 0, static side => side.Text is null ? 1 : 0);
        var errorGate = new MetricGate { Metric = "errors", Margin = terms.ErrorMargin };
        (figures["errors_source"], figures["errors_target"]) = (pairs.Count(static pair => pair.Source.Text is null), pairs.Count(static pair => pair.Target.Text is null));
        var whole = pairs.Where(static pair => pair.Source.Text is not null && pair.Target.Text is not null).ToList();
        if (whole.Count == 0 || pairs.Count - whole.Count > options.MostMissing * pairs.Count)
        {
            var alone = PairedGate.Judge([errorGate], [errors], options);
            return new ParityVerdict(alone.Verdict == GateVerdict.Fail ? GateVerdict.Fail : GateVerdict.Refused, string.Create(
                CultureInfo.InvariantCulture, $"{pairs.Count - whole.Count} of {pairs.Count} prompts have no answer of both models (source {figures["errors_source"]}, target {figures["errors_target"]}), so nothing else is judged. {(alone.Metrics is [var only, ..] ? only.Reason : "")}"))
            {
                Figures = figures, IsUnanswered = alone.Verdict != GateVerdict.Fail,
            };
        }

        var (gates, scores) = (new List<MetricGate> { errorGate }, new List<PairedScores> { errors });
        Latencies(terms, whole, gates, scores, figures);
        if (terms.Accuracy is { } accuracy && whole.TrueForAll(static pair => pair.References.Count > 0))
        {
            var found = new PairedScores(accuracy);
            foreach (var pair in whole)
            {
                found.Add(Score(accuracy, pair.Source.Text!, pair.References), Score(accuracy, pair.Target.Text!, pair.References));
            }

            gates.Add(new MetricGate { Metric = accuracy.Definition.Id, Margin = terms.AccuracyMargin });
            scores.Add(found);
        }

        var gate = PairedGate.Judge(gates, scores, options);
        var similarity = Similarity(terms, whole, figures, out var said);
        foreach (var each in gate.Metrics.Where(static each => !each.Metric.StartsWith("latency", StringComparison.Ordinal) && each.Metric != "errors"))
        {
            (figures[$"{each.Metric}_source"], figures[$"{each.Metric}_target"]) = (each.Source, each.Target);
        }

        var parts = gate.Verdict == GateVerdict.Refused ? [gate.Reason] : gate.Metrics.Select(each => Words(terms, each, figures)).ToList();
        var verdicts = new[] { gate.Verdict, similarity };
        var verdict = new[] { GateVerdict.Fail, GateVerdict.Refused, GateVerdict.Inconclusive }.FirstOrDefault(each => verdicts.Contains(each), GateVerdict.Pass);
        return new ParityVerdict(verdict, string.Join(' ', parts.Prepend(said))) { Figures = figures };
    }

    private static PairedScores Scores(string name, IEnumerable<ParityPair> pairs, Func<ParitySide, double> source, Func<ParitySide, double> target)
    {
        var scores = new PairedScores(name, name, name, MetricDirection.LowerIsBetter) { Range = 1 };
        foreach (var pair in pairs)
        {
            scores.Add(source(pair.Source), target(pair.Target));
        }

        return scores;
    }

    private static void Latencies(ParityTerms terms, List<ParityPair> pairs, List<MetricGate> gates, List<PairedScores> scores, SortedDictionary<string, double> figures)
    {
        var (source, target) = (pairs.Select(static pair => pair.Source.LatencyMs!.Value).Order().ToList(), pairs.Select(static pair => pair.Target.LatencyMs!.Value).Order().ToList());
        foreach (var (name, quantile, margin) in s_latencies)
        {
            var at = (int)Math.Ceiling(quantile * source.Count) - 1;
            (figures[$"{name}_source_ms"], figures[$"{name}_target_ms"]) = (source[at], target[at]);
            var line = source[at];
            scores.Add(Scores(name, pairs, side => side.LatencyMs > line ? 1 : 0, side => side.LatencyMs > terms.Latency * line ? 1 : 0));
            gates.Add(new MetricGate { Metric = name, Margin = margin });
        }
    }

    /// <summary>The 95 % interval of the mean must lie on one side of the line.</summary>
    private static GateVerdict Similarity(ParityTerms terms, List<ParityPair> pairs, SortedDictionary<string, double> figures, out string said)
    {
        var scores = pairs.Select(pair => Score(terms.Similarity, pair.Target.Text!, [pair.Source.Text!])).OfType<double>().ToList();
        var mean = MeanEstimate.Of(CollectionsMarshal.AsSpan(scores));
        var interval = mean.At();
        var (low, high) = scores.Count > 1 ? (interval.Low, interval.High) : (double.NegativeInfinity, double.PositiveInfinity);
        var (line, id) = (terms.LeastSimilarity, terms.Similarity.Definition.Id);
        var verdict = scores.Count == 0 ? GateVerdict.Refused : low >= line ? GateVerdict.Pass : high < line ? GateVerdict.Fail : GateVerdict.Inconclusive;
        if (scores.Count > 1)
        {
            (figures["similarity"], figures["similarity_low"], figures["similarity_high"]) = (mean.Mean, low, high);
        }

        said = scores.Count == 0
            ? $"Similarity: no pair of answers has a score by {id}."
            : string.Create(CultureInfo.InvariantCulture, $"Similarity by {id}: {mean.Mean:0.###} [{low:0.###}, {high:0.###}], {(verdict == GateVerdict.Pass ? "at least" : verdict == GateVerdict.Fail ? "below" : "not decided against")} {line:0.###}.");
        return verdict;
    }

    private static double? Score(AnswerMetric metric, string answer, IReadOnlyList<string> references) => metric.Score(new AnswerSample { Prediction = answer, References = references }).Value;

    private static string Words(ParityTerms terms, MetricVerdict each, SortedDictionary<string, double> figures)
    {
        if (figures.TryGetValue($"{each.Metric}_source_ms", out var source))
        {
            var target = figures[$"{each.Metric}_target_ms"];
            return string.Create(CultureInfo.InvariantCulture, $"{each.Metric}: {source:0.#} -> {target:0.#} ms{(source > 0 ? $" (x {target / source:0.##})" : "")}, {Of(each.Verdict)} x {terms.Latency:0.##}: {each.Target:0.#%} of the target's answers are slower than that, {each.Source:0.#%} of the source's than its own.");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{each.Metric}: {each.Source:0.####} -> {each.Target:0.####}, {Of(each.Verdict)} the margin {each.Margin:0.####}{(each.Verdict == GateVerdict.Inconclusive ? $": {each.Reason}" : ".")}");
    }

    private static string Of(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => "within",
        GateVerdict.Fail => "beyond",
        GateVerdict.Inconclusive or GateVerdict.Refused => "not decided against",
    };
}
