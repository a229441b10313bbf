using System.Globalization;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Evaluation.Gating.Refusing;

/// <summary>Everything for which data cannot be judged, collected.</summary>
internal static class GateRefusals
{
    public static IReadOnlyList<GateRefusal> Of(IReadOnlyList<MetricGate> gates, IReadOnlyList<PairedScores> scores, GateOptions options, DataCompleteness completeness)
    {
        var refusals = new List<GateRefusal>();
        if (gates.Count == 0)
        {
            refusals.Add(new(GateRefusalReason.NoGates, "No gate was asked, so nothing can pass; name a metric and a margin."));
        }

        if (completeness == DataCompleteness.Partial)
        {
            refusals.Add(new(GateRefusalReason.PartialData, "The run did not finish: the rows that are missing may be the ones that fail. Resume it, or merge its shards."));
        }

        if (completeness == DataCompleteness.Limited)
        {
            refusals.Add(new(GateRefusalReason.LimitedData, "The run was of a part of the data set. Run all of it, or make the part a data set of its own."));
        }

        if (options is not { Alpha: > 0 and < 0.5, Confidence: > 0 and < 1, Power: > 0 and < 1, MostMissing: >= 0 and <= 1, Rounds: >= 100 })
        {
            refusals.Add(new(GateRefusalReason.WrongGate, "alpha is above 0 and below 0.5, confidence and power are between 0 and 1, the share of missing cases is 0 to 1, and at least 100 rounds are drawn."));
        }

        foreach (var gate in gates)
        {
            AddOf(gate, gates, scores, options, refusals);
        }

        return refusals;
    }

    private static void AddOf(MetricGate gate, IReadOnlyList<MetricGate> gates, IReadOnlyList<PairedScores> scores, GateOptions options, List<GateRefusal> refusals)
    {
        if (!double.IsFinite(gate.Margin) || gate.Margin < 0 || (gate.IsRelative && gate.Margin >= 1))
        {
            Refuse(GateRefusalReason.WrongGate, gate.IsRelative
                ? "a relative margin is a share from 0 to 1, for example 0.02."
                : "a margin is a number from 0 on in the metric's unit, for example 0.02.");
        }

        if (gates.Count(other => other.Metric == gate.Metric) > 1)
        {
            Refuse(GateRefusalReason.WrongGate, "there are two gates of it; keep one.");
        }

        var found = scores.Where(each => each.Metric == gate.Metric).ToList();
        if (found.Count != 1)
        {
            Refuse(GateRefusalReason.NoScores, found.Count == 0
                ? $"a gate asks for it, but it was not scored; scored are {(scores.Count == 0 ? "none" : string.Join(", ", scores.Select(static each => each.Metric)))}."
                : "its scores are there twice; give each metric once.");
            return;
        }

        var all = found[0];
        if (all.Direction == MetricDirection.Neither)
        {
            Refuse(GateRefusalReason.WrongGate, "it describes an answer, and neither more nor less of it is better; gate another metric.");
        }

        if (all.SourceSignature != all.TargetSignature)
        {
            Refuse(GateRefusalReason.UnlikeSignatures, $"the source was scored by {all.SourceSignature}, the target by {all.TargetSignature}; score both by one.");
        }

        if (all.IsMixed)
        {
            Refuse(GateRefusalReason.WrongGate, "some of its cases have a cluster and others none; give every case one.");
        }

        if (all.HasClusters && all.Clusters.IndexOfAnyExcept(0) < 0)
        {
            Refuse(GateRefusalReason.WrongGate, "all its cases are of one cluster, so nothing says how much clusters differ; leave clusters out, or bring more.");
        }

        if (all.Cases == 0)
        {
            Refuse(GateRefusalReason.NoRows, "there are no rows.");
        }
        else if (all.SourceMissing == all.Cases || all.TargetMissing == all.Cases)
        {
            Refuse(GateRefusalReason.MissingArm, $"the {(all.SourceMissing == all.Cases ? "source" : "target")} has no score at all.");
        }
        else if (all.Pairs == 0 || all.MissingShare > options.MostMissing)
        {
            Refuse(GateRefusalReason.TooManyMissing, string.Create(
                CultureInfo.InvariantCulture,
                $"{all.Cases - all.Pairs} of {all.Cases} cases have no score in an arm ({all.SourceMissing} in the source, {all.TargetMissing} in the target), and at most {100 * options.MostMissing:0.##} % may be missing; ask those again."));
        }
        else if (!double.IsFinite(all.Value(ofTarget: false)) || !double.IsFinite(all.Value(ofTarget: true)))
        {
            Refuse(GateRefusalReason.NoScores, "its value over all cases is not a number: they have nothing that it counts.");
        }
        else if (gate.IsRelative && !(all.Value(ofTarget: false) > 0))
        {
            Refuse(GateRefusalReason.WrongGate, "a relative margin needs a source above 0; write an absolute one.");
        }

        void Refuse(GateRefusalReason reason, string what) => refusals.Add(new(reason, $"{gate.Metric}: {what}", gate.Metric));
    }
}
