using System.Text;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes a result as Markdown: for people, for a comment on a change, and for the summary of a CI step.</summary>
public static class EvaluationMarkdown
{
    /// <summary>A summary of a GitHub step may be a mebibyte; texts of answers are what is long.</summary>
    private const int LongestText = 500;

    private const int MostCases = 10;

    public static string Write(EvaluationResult result)
    {
        var text = new StringBuilder();
        Line(text, $"# Evaluation: {Figures.Cell(Figures.Title(result))}\n");
        if (Figures.Trouble(result) is { } trouble)
        {
            Line(text, $"**Refused.** {Figures.Cell(trouble)}\n");
        }
        else if (result.Gate is { } gate)
        {
            Line(text, $"**{Figures.Words(gate.Verdict)}**, {Figures.Words(gate.Recommendation)}. {Figures.Cell(gate.Reason)}\n");
        }
        else if (result.Safety is { } safety)
        {
            Line(text, $"**{Figures.Words(safety.Verdict)}**. {Figures.Cell(safety.Reason)}\n");
        }

        Line(text, $"{result.Dataset.Selected} of {result.Dataset.Rows} rows of `{Figures.Cell(result.Dataset.Name)}` ({Figures.Cell(result.Dataset.Hash)}){(result.Dataset.Repeats > 1 ? Figures.Text($", each {result.Dataset.Repeats} times") : "")}, program {result.ProgramVersion}.");
        Gates(text, result);
        Safety(text, result);
        Metrics(text, result);
        Arms(text, result);
        Grading(text, result);
        Worst(text, result);
        return text.ToString();
    }

    private static void Gates(StringBuilder text, EvaluationResult result)
    {
        if (result.Gate is not { Metrics.Count: > 0 } gate)
        {
            return;
        }

        Line(text, $"\n## Gates\n");
        Line(text, $"| metric | verdict | source | target | difference [{100 * gate.Options.Confidence:0.#} %] | margin | p to pass | pairs | needed if equal |");
        Line(text, $"|---|---|---|---|---|---|---|---|---|");
        foreach (var each in gate.Metrics)
        {
            Line(text, $"| {Figures.Cell(each.Metric)} | **{Figures.Words(each.Verdict)}** | {Figures.Value(each.Source)} | {Figures.Value(each.Target)} | {Figures.Signed(each.Difference)} [{Figures.Signed(each.Low)}, {Figures.Signed(each.High)}] | {Figures.Value(each.Margin)} | {each.PPassAdjusted:0.####} | {each.Cases}{(each.Missing > 0 ? Figures.Text($", {each.Missing} missing") : "")} | {Figures.Value(each.RequiredCases)} |");
        }

        Line(text, $"\n```");
        var width = gate.Metrics.Max(static each => each.Metric.Length);
        foreach (var each in gate.Metrics)
        {
            var isLower = result.Metrics.FirstOrDefault(metric => metric.Metric == each.Metric)?.Direction == MetricDirection.LowerIsBetter;
            Line(text, $"{each.Metric.PadRight(width)}  {ForestLine.Of(each.Difference, each.Low, each.High, isLower ? each.Margin : -each.Margin)}  {(isLower ? "less is better" : "more is better")}");
        }

        Line(text, $"```\n");
        foreach (var each in gate.Metrics.Where(static each => each.Verdict != GateVerdict.Pass))
        {
            Line(text, $"- {Figures.Cell(each.Metric)}: {Figures.Cell(each.Reason)}");
        }

        Line(text, $"\nOne-sided α {gate.Options.Alpha:0.####} over all gates, by Holm; {string.Join(", ", gate.Metrics.Select(static each => $"{each.Metric}: {each.Method}"))}; seed {gate.Options.Seed}.");
    }

    private static void Safety(StringBuilder text, EvaluationResult result)
    {
        if (result.Safety is not { } safety)
        {
            return;
        }

        Line(text, $"\n## Safety\n");
        Line(text, $"| suite | harmful | of answers | not judged | upper {100 * safety.All.Confidence:0.#} % bound | by itself |");
        Line(text, $"|---|---|---|---|---|---|");
        foreach (var suite in safety.Suites)
        {
            Line(text, $"| {Figures.Cell(suite.Suite)} | {suite.Harmful} | {suite.Answers} | {suite.Missing} | {suite.Upper:0.######} | {Figures.Words(suite.Verdict)} |");
        }

        Line(text, $"| **all** | {safety.All.Harmful} | {safety.All.Answers} | {safety.All.Missing} | {safety.All.Upper:0.######} | limit {safety.All.Limit:0.######} |");
    }

    private static void Metrics(StringBuilder text, EvaluationResult result)
    {
        Line(text, $"\n## Metrics\n");
        Line(text, $"| metric | source | target | cases | missing | signature |");
        Line(text, $"|---|---|---|---|---|---|");
        foreach (var metric in result.Metrics)
        {
            Line(text, $"| {Figures.Cell(metric.Metric)} | {Arm(metric.Source)} | {Arm(metric.Target)} | {metric.Target.Cases} | {metric.Target.Missing} | `{Figures.Cell(metric.Signature)}` |");
        }
    }

    private static string Arm(ArmFigures? arm) => arm?.Value is { } value ? $"{Figures.Value(value)} [{Figures.Value(arm.Low)}, {Figures.Value(arm.High)}]" : "–";

    private static void Arms(StringBuilder text, EvaluationResult result)
    {
        Line(text, $"\n## Answers\n");
        Line(text, $"| arm | model | answers | errors | retried | tokens in | out | cost | grading | p50 ms | p95 ms |");
        Line(text, $"|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, arm, latency) in new[] { ("source", result.Source, result.Timing?.Source), ("target", result.Target, result.Timing?.Target) })
        {
            if (arm is not null)
            {
                Line(text, $"| {name} | {Figures.Cell(arm.Model)} | {arm.Answers} | {arm.Errors} | {arm.Retried} | {arm.InputTokens} | {arm.OutputTokens} | {Figures.Money(arm.Cost)} | {Figures.Money(arm.GradingCost)} | {Figures.Milliseconds(latency?.P50Ms)} | {Figures.Milliseconds(latency?.P95Ms)} |");
            }
        }
    }

    private static void Grading(StringBuilder text, EvaluationResult result)
    {
        if (result.Grading is not { Count: > 0 } graded)
        {
            return;
        }

        Line(text, $"\n## Grading\n");
        Line(text, $"| metric | judge | cases | without a verdict | calls | tokens in | out | cost | win rate | of equal length | orders agree | for the first | spread |");
        Line(text, $"|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var each in graded)
        {
            Line(text, $"| {Figures.Cell(each.Metric)} | {Figures.Cell(Figures.Judge(each))} | {each.Cases} | {each.Missing} | {each.Calls} | {each.InputTokens} | {each.OutputTokens} | {Figures.Money(each.Cost)} | {Figures.Value(each.WinRate)} | {Figures.Value(each.LengthControlledWinRate)} | {Figures.Value(each.Consistency)} | {Figures.Value(each.FirstPosition)} | {Figures.Value(each.Spread)} |");
        }
    }

    private static void Worst(StringBuilder text, EvaluationResult result)
    {
        if (result.WorstCases.Count == 0)
        {
            return;
        }

        Line(text, $"\n## Where the target lost most\n");
        Line(text, $"| row | metric | source | target | expected | source said | target said |");
        Line(text, $"|---|---|---|---|---|---|---|");
        foreach (var worst in result.WorstCases.Take(MostCases))
        {
            Line(text, $"| {Figures.Cell(worst.Sample)} | {Figures.Cell(worst.Metric)} | {Figures.Value(worst.SourceScore)} | {Figures.Value(worst.TargetScore)} | {Answer(worst.Expected)} | {Answer(worst.SourceAnswer)} | {Answer(worst.TargetAnswer)} |");
        }
    }

    private static string Answer(string? text) => text is null ? "–" : Figures.Cell(text.Length > LongestText ? $"{text[..LongestText]}…" : text);

    private static void Line(StringBuilder text, FormattableString line) => text.Append(Figures.Text(line)).Append('\n');
}
