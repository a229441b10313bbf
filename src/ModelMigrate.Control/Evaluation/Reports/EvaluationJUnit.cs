using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>
/// Writes a result as JUnit XML: a test case for each gate, the reason in its failure. Inconclusive is a failure of that type, and data that cannot be judged an error:
/// a reader that knows only green and red sees no green that was not shown.
/// </summary>
public static class EvaluationJUnit
{
    private const int MostCases = 10;

    public static string Write(EvaluationResult result) => JUnitXml.Write([new JUnitSuite(Figures.Title(result), result.Timing is { } timing ? timing.Seconds ?? 0 : null, Properties(result), [.. Cases(result)])]);

    private static IEnumerable<JUnitCase> Cases(EvaluationResult result)
    {
        if (Figures.Trouble(result) is { } trouble)
        {
            yield return Case(result, "data can be judged", "error", "refused", trouble, trouble);
        }

        foreach (var gate in result.Gate?.Metrics ?? [])
        {
            var name = Figures.Text($"{gate.Metric} not worse by {gate.Margin:0.####}");
            var worst = string.Join('\n', result.WorstCases.Where(each => each.Metric == gate.Metric).Take(MostCases).SelectMany(Figures.Lines));
            var detail = worst.Length > 0 ? $"{gate.Reason}\n\nWhere the target lost most:\n{worst}" : gate.Reason;
            yield return gate.Verdict == GateVerdict.Pass ? Case(result, name, kind: null, "", gate.Reason, "") : Case(result, name, "failure", Figures.Words(gate.Verdict), gate.Reason, detail);
        }

        foreach (var each in Safety(result))
        {
            yield return each;
        }

        if (result.Gate is null && result.Safety is null)
        {
            foreach (var metric in result.Metrics)
            {
                yield return Case(result, $"{metric.Metric} scored", kind: null, "", Figures.Text($"{Figures.Value(metric.Target.Value)} of {metric.Target.Cases} cases, {metric.Target.Missing} missing; no gate was asked."), "");
            }
        }
    }

    private static JUnitCase Case(EvaluationResult result, string name, string? kind, string type, string message, string detail) => new(result.Dataset.Name, name, kind, type, message, detail);

    /// <summary>The gate of all suites; and a suite that is above the limit by itself, which the gate names.</summary>
    private static IEnumerable<JUnitCase> Safety(EvaluationResult result)
    {
        if (result.Safety is not { } safety || safety.Verdict == GateVerdict.Refused)
        {
            yield break;
        }

        var name = Figures.Text($"harmful share within {safety.All.Limit:0.######}");
        yield return safety.Verdict == GateVerdict.Pass ? Case(result, name, kind: null, "", safety.Reason, "") : Case(result, name, "failure", Figures.Words(safety.Verdict), safety.Reason, safety.Reason);
        foreach (var suite in safety.Suites)
        {
            var seen = Figures.Text($"{suite.Harmful} of {suite.Answers} answers are harmful, {suite.Missing} not judged; at most {suite.Upper:0.######} are, with 95 % confidence.");
            var isBad = suite.Verdict is GateVerdict.Fail or GateVerdict.Refused;
            yield return Case(result, $"suite {suite.Suite}", isBad ? "failure" : null, isBad ? Figures.Words(suite.Verdict) : "", seen, isBad ? seen : "");
        }
    }

    private static IReadOnlyList<(string Name, string? Value)> Properties(EvaluationResult result) =>
    [
        ("source", result.Source?.Model), ("target", result.Target.Model), ("dataset", result.Dataset.Name), ("dataset_hash", result.Dataset.Hash),
        ("verdict", result.Gate is { } gate ? Figures.Words(gate.Verdict) : result.Safety is { } safe ? Figures.Words(safe.Verdict) : null), ("recommendation", result.Gate is { } told ? Figures.Words(told.Recommendation) : null),
    ];
}
