using System.Text;
using ModelMigrate.Control.Evaluation.Reports.Html;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes a result as one HTML page that needs no other file: verdict, differences with intervals, their distribution, the rows that lost most side by side, cost and latency.</summary>
public static class EvaluationHtml
{
    public static string Write(EvaluationResult result)
    {
        var html = new StringBuilder();
        Page.Line(html, $"<h1>{Page.Text(Figures.Title(result))}</h1>");
        if (Figures.Trouble(result) is { } trouble)
        {
            Page.Line(html, $"<p class=\"verdict refused\"><strong>refused</strong>. {Page.Text(trouble)}</p>");
        }
        else if (result.Gate is { } gate)
        {
            Page.Line(html, $"<p class=\"verdict {Figures.Words(gate.Verdict)}\"><strong>{Figures.Words(gate.Verdict)}</strong>, {Figures.Words(gate.Recommendation)}. {Page.Text(gate.Reason)}</p>");
        }
        else if (result.Safety is { } safety)
        {
            Page.Line(html, $"<p class=\"verdict {Figures.Words(safety.Verdict)}\"><strong>{Figures.Words(safety.Verdict)}</strong>. {Page.Text(safety.Reason)}</p>");
        }

        Page.Line(html, $"<p class=\"soft\">{result.Dataset.Selected} of {result.Dataset.Rows} rows of {Page.Text(result.Dataset.Name)} <code>{Page.Text(result.Dataset.Hash)}</code>, program {Page.Text(result.ProgramVersion)}</p>");
        Gates(html, result);
        Safety(html, result);
        Metrics(html, result);
        Arms(html, result);
        Grading(html, result);
        Worst(html, result);
        return Page.Of(Figures.Title(result), html.ToString());
    }

    private static void Gates(StringBuilder html, EvaluationResult result)
    {
        if (result.Gate is not { Metrics.Count: > 0 } gate)
        {
            return;
        }

        Page.Line(html, $"<h2>Differences, better to the right</h2>");
        ForestPlot.Write(html, result, gate.Metrics);
        Table(html, ["metric", "verdict", "source", "target", "difference", "margin", "pairs", "why"], gate.Metrics.Select(static each => new[]
        {
            each.Metric, Figures.Words(each.Verdict), Figures.Value(each.Source), Figures.Value(each.Target),
            $"{Figures.Signed(each.Difference)} [{Figures.Signed(each.Low)}, {Figures.Signed(each.High)}]", Figures.Value(each.Margin), Figures.Text($"{each.Cases}"), $"{each.Reason} {each.Method}.",
        }));
        if (result.Samples is { } samples)
        {
            Page.Line(html, $"<h2>Differences by row: target − source</h2>");
            foreach (var metric in result.Metrics)
            {
                DifferencePlot.Write(html, metric, samples);
            }
        }
    }

    private static void Safety(StringBuilder html, EvaluationResult result)
    {
        if (result.Safety is { } safety)
        {
            Page.Line(html, $"<h2>Safety: at most {safety.All.Limit:0.######} harmful</h2>");
            Table(html, ["suite", "harmful", "answers", "not judged", "upper bound", "by itself"], safety.Suites.Select(static suite => new[]
            {
                suite.Suite, Figures.Text($"{suite.Harmful}"), Figures.Text($"{suite.Answers}"), Figures.Text($"{suite.Missing}"), Figures.Text($"{suite.Upper:0.######}"), Figures.Words(suite.Verdict),
            }));
        }
    }

    private static void Metrics(StringBuilder html, EvaluationResult result)
    {
        Page.Line(html, $"<h2>Metrics</h2>");
        Table(html, ["metric", "source", "target", "cases", "missing", "signature"], result.Metrics.Select(static metric => new[]
        {
            metric.Metric, Arm(metric.Source), Arm(metric.Target), Figures.Text($"{metric.Target.Cases}"), Figures.Text($"{metric.Target.Missing}"), metric.Signature,
        }));
    }

    private static void Arms(StringBuilder html, EvaluationResult result)
    {
        Page.Line(html, $"<h2>Cost and latency</h2>");
        Table(
            html, ["arm", "model", "answers", "errors", "tokens in", "tokens out", "cost", "grading", "p50 ms", "p95 ms", "p99 ms"],
            from side in new[] { ("source", result.Source, result.Timing?.Source), ("target", result.Target, result.Timing?.Target) }
            let arm = side.Item2
            where arm is not null
            let latency = side.Item3
            select new[]
            {
                side.Item1, arm.Model, Figures.Text($"{arm.Answers}"), Figures.Text($"{arm.Errors}"), Figures.Text($"{arm.InputTokens}"), Figures.Text($"{arm.OutputTokens}"),
                Figures.Money(arm.Cost), Figures.Money(arm.GradingCost), Figures.Milliseconds(latency?.P50Ms), Figures.Milliseconds(latency?.P95Ms), Figures.Milliseconds(latency?.P99Ms),
            });
    }

    private static void Grading(StringBuilder html, EvaluationResult result)
    {
        if (result.Grading is not { Count: > 0 } graded)
        {
            return;
        }

        Page.Line(html, $"<h2>Grading</h2>");
        Table(html, ["metric", "judge", "cases", "without a verdict", "calls", "tokens in", "tokens out", "cost", "win rate", "of equal length", "orders agree", "for the first", "spread"], graded.Select(static each => new[]
        {
            each.Metric, Figures.Judge(each), Figures.Text($"{each.Cases}"), Figures.Text($"{each.Missing}"), Figures.Text($"{each.Calls}"), Figures.Text($"{each.InputTokens}"), Figures.Text($"{each.OutputTokens}"),
            Figures.Money(each.Cost), Figures.Value(each.WinRate), Figures.Value(each.LengthControlledWinRate), Figures.Value(each.Consistency), Figures.Value(each.FirstPosition), Figures.Value(each.Spread),
        }));
    }

    private static string Arm(ArmFigures? arm) => arm?.Value is { } value ? $"{Figures.Value(value)} [{Figures.Value(arm.Low)}, {Figures.Value(arm.High)}]" : "–";

    private static void Worst(StringBuilder html, EvaluationResult result)
    {
        if (result.WorstCases.Count == 0)
        {
            return;
        }

        Page.Line(html, $"<h2>Where the target lost most</h2>");
        foreach (var row in result.WorstCases.GroupBy(static each => each.Sample, StringComparer.Ordinal))
        {
            var worst = row.First();
            var lost = string.Join(", ", row.Select(static each => $"{each.Metric} {Figures.Value(each.SourceScore)} → {Figures.Value(each.TargetScore)}"));
            Page.Line(html, $"<div class=\"case\"><h3>{Page.Text(worst.Sample)}</h3><p>{Page.Text(lost)}{(worst.Line is { } line ? Figures.Text($", line {line}") : "")}</p>");
            if (worst.Prompt is { } prompt)
            {
                Page.Line(html, $"<div class=\"soft\">asked</div><div class=\"text\">{Page.Text(prompt)}</div>");
            }

            Page.Line(html, $"<div class=\"sides\">");
            Side(html, "expected", worst.Expected, beside: null);
            Side(html, "source said", worst.SourceAnswer, worst.TargetAnswer);
            Side(html, "target said", worst.TargetAnswer, worst.SourceAnswer);
            Page.Line(html, $"</div></div>");
        }
    }

    /// <summary>Words that the other side has not are marked.</summary>
    private static void Side(StringBuilder html, string name, string? text, string? beside)
    {
        if (text is null)
        {
            return;
        }

        html.Append("<div><div class=\"soft\">").Append(name).Append("</div><div class=\"text\">");
        if (beside is null)
        {
            html.Append(Page.Text(text));
        }
        else
        {
            html.AppendJoin(' ', WordDiff.Of(beside, text).Select(static each => each.IsCommon ? Page.Text(each.Word) : $"<mark>{Page.Text(each.Word)}</mark>"));
        }

        html.Append("</div></div>\n");
    }

    private static void Table(StringBuilder html, string[] head, IEnumerable<string[]> rows)
    {
        html.Append("<div class=\"wide\"><table><tr>").AppendJoin("", head.Select(static cell => $"<th>{cell}</th>")).Append("</tr>\n");
        foreach (var row in rows)
        {
            html.Append("<tr>").AppendJoin("", row.Select(static cell => $"<td{(cell is "pass" or "fail" or "inconclusive" ? $" class=\"{cell}\"" : "")}>{Page.Text(cell)}</td>")).Append("</tr>\n");
        }

        html.Append("</table></div>\n");
    }
}
