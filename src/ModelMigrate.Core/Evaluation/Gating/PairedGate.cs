using System.Globalization;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>
/// Whether a target is as good as its source: non-inferiority on paired differences, one question a metric. With G the gain in the metric's direction, a gate
/// passes when G ≤ −margin is refuted at α, fails when G ≥ −margin is, and is inconclusive else. Both families of questions are adjusted by Holm. So of
/// targets that are worse by the margin at most a share α pass, and of those that are not at most a share α fail.
/// </summary>
public static class PairedGate
{
    /// <summary>Pure: the same scores, gates and options give the same result on every machine.</summary>
    public static GateResult Judge(
        IReadOnlyList<MetricGate> gates, IReadOnlyList<PairedScores> scores, GateOptions options, DataCompleteness completeness = DataCompleteness.Complete)
    {
        var refusals = GateRefusals.Of(gates, scores, options, completeness);
        if (refusals.Count > 0)
        {
            return GateResult.Refused(refusals, options);
        }

        return Weigh([.. gates.Select(gate => new Asked(gate, Compared.Of(scores.Single(each => each.Metric == gate.Metric), options), options))], options);
    }

    /// <summary>Of gates whose data can be judged.</summary>
    internal static GateResult Weigh(IReadOnlyList<Asked> asked, GateOptions options)
    {
        var (pass, fail) = (asked.Select(static each => each.PPass).ToList(), asked.Select(static each => each.PFail).ToList());
        var (passAdjusted, failAdjusted) = (Multiplicity.Holm(pass), Multiplicity.Holm(fail));
        var equal = Multiplicity.Holm([.. asked.Select(static each => each.PEqual)]);
        var verdicts = asked.Select((each, i) => each.Verdict(passAdjusted[i], failAdjusted[i], options.Alpha / (asked.Count - Rank(pass, i)))).ToList();
        var worse = asked.Where((each, i) => equal[i] <= options.Alpha && each.Gain < 0).Select(static each => each.Gate.Metric).ToList();
        var better = asked.Where((each, i) => equal[i] <= options.Alpha && each.Gain > 0).Select(static each => each.Gate.Metric).ToList();
        return Whole(verdicts, worse, better, options);
    }

    /// <summary>How many smaller p come before this one; of equal ones those that were asked before.</summary>
    private static int Rank(List<double> p, int at) => p.Where((other, i) => other < p[at] || (other == p[at] && i < at)).Count();

    private static GateResult Whole(List<MetricVerdict> verdicts, List<string> worse, List<string> better, GateOptions options)
    {
        var (failed, open) = (Of(GateVerdict.Fail), Of(GateVerdict.Inconclusive));
        var (verdict, recommendation, reason) = failed.Count > 0
            ? (GateVerdict.Fail, Recommendation.NotRecommended, $"Shown to be worse by more than the margin: {string.Join(", ", failed)}.")
            : open.Count > 0
            ? (GateVerdict.Inconclusive, Recommendation.Caution, $"Not decided: {string.Join(", ", open)}.")
            : worse.Count > better.Count
            ? (GateVerdict.Pass, Recommendation.Caution, $"Every gate passes, but within its margin the target is shown to be worse: {string.Join(", ", worse)}.")
            : (GateVerdict.Pass, Recommendation.Recommended, verdicts.Count == 1 ? "The gate passes." : string.Create(CultureInfo.InvariantCulture, $"All {verdicts.Count} gates pass."));
        return new GateResult { Verdict = verdict, Recommendation = recommendation, Reason = reason, Metrics = verdicts, Options = options };

        List<string> Of(GateVerdict which) => [.. verdicts.Where(each => each.Verdict == which).Select(static each => each.Metric)];
    }
}
