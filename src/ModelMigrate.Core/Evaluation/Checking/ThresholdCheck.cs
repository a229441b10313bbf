using System.Globalization;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>Whether what an arm reaches holds lines: its 95 % interval must lie on the right side of each, or only the value itself.</summary>
public sealed record ThresholdCheck
{
    /// <summary>As of all gates: refused before all; else fail when one fails, inconclusive when one is.</summary>
    public required GateVerdict Verdict { get; init; }

    public required IReadOnlyList<ThresholdVerdict> Thresholds { get; init; }

    public required string Reason { get; init; }

    /// <summary><paramref name="byValue"/>: the value itself decides, as if there were as many cases as one likes.</summary>
    public static ThresholdCheck Of(EvaluationResult result, IReadOnlyList<Threshold> thresholds, bool byValue, double mostMissing = 0.05)
    {
        var verdicts = thresholds.Select(threshold => Of(result, threshold, byValue, mostMissing)).ToList();
        var why = result.Completeness != DataCompleteness.Complete ? ResultRefusals.Incomplete(result, "The result")
            : thresholds.Count == 0 ? "No threshold was asked, so nothing can pass."
            : string.Join(' ', verdicts.Where(each => each.Verdict == GateVerdict.Refused).Select(each => each.Reason));
        var verdict = why.Length > 0 ? GateVerdict.Refused
            : verdicts.Exists(each => each.Verdict == GateVerdict.Fail) ? GateVerdict.Fail
            : verdicts.Exists(each => each.Verdict == GateVerdict.Inconclusive) ? GateVerdict.Inconclusive
            : GateVerdict.Pass;
        return new ThresholdCheck { Verdict = verdict, Thresholds = verdicts, Reason = why.Length > 0 ? why : string.Join(' ', verdicts.Select(each => each.Reason)) };
    }

    private static ThresholdVerdict Of(EvaluationResult result, Threshold threshold, bool byValue, double mostMissing)
    {
        if (result.Metrics.FirstOrDefault(metric => metric.Metric == threshold.Metric) is not { Target: var arm })
        {
            return Refused($"{threshold.Metric} was not scored; scored are {string.Join(", ", result.Metrics.Select(static metric => metric.Metric))}.");
        }

        var all = arm.Cases + arm.Missing;
        if (arm.Value is not { } value || arm.Missing > mostMissing * all)
        {
            return Refused(string.Create(CultureInfo.InvariantCulture, $"{threshold.Metric}: {arm.Missing} of {all} cases have no score, and at most {100 * mostMissing:0.##} % may be missing; ask those again."));
        }

        if (!byValue && (arm.Low is null || arm.High is null))
        {
            return Refused($"{threshold.Metric}: the result has no interval of it; compare the value itself (--by-value).");
        }

        var (low, high) = byValue ? (value, value) : (arm.Low!.Value, arm.High!.Value);
        var (holds, breaks) = threshold.IsAtLeast ? (low >= threshold.Line, high < threshold.Line) : (high <= threshold.Line, low > threshold.Line);
        var verdict = holds ? GateVerdict.Pass : breaks ? GateVerdict.Fail : GateVerdict.Inconclusive;
        var required = verdict == GateVerdict.Inconclusive ? Required(arm, value, threshold.Line) : null;
        var seen = string.Create(CultureInfo.InvariantCulture, $"{threshold.Metric} is {value:0.####} [{arm.Low:0.####}, {arm.High:0.####}] of {arm.Cases} cases");
        return new ThresholdVerdict
        {
            Threshold = threshold.ToString(),
            Metric = threshold.Metric,
            Verdict = verdict,
            Value = value,
            Low = arm.Low,
            High = arm.High,
            Cases = arm.Cases,
            RequiredCases = required,
            Reason = verdict switch
            {
                GateVerdict.Pass => $"{seen}: holds {threshold}.",
                GateVerdict.Fail => $"{seen}: breaks {threshold}.",
                GateVerdict.Inconclusive or GateVerdict.Refused => $"{seen}: {threshold} is within its interval. "
                    + (required is { } cases ? string.Create(CultureInfo.InvariantCulture, $"About {cases:0} cases would settle it if the value stays.") : "No number of cases would settle it if the value stays."),
            },
        };

        ThresholdVerdict Refused(string reason) => new() { Threshold = threshold.ToString(), Metric = threshold.Metric, Verdict = GateVerdict.Refused, Reason = reason };
    }

    /// <summary>An interval narrows with the root of the cases.</summary>
    private static double? Required(ArmFigures arm, double value, double line)
    {
        var (half, distance) = ((arm.High!.Value - arm.Low!.Value) / 2, Math.Abs(value - line));
        return distance > 0 ? Math.Ceiling(arm.Cases * half * half / (distance * distance)) : null;
    }
}
