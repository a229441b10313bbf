using System.Globalization;
using System.Text;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Numbers and verdicts as every report of an evaluation writes them.</summary>
internal static class Figures
{
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Value(double? value) => value is { } number ? Text($"{number:0.####}") : "–";

    public static string Milliseconds(double? value) => value is { } number ? Text($"{number:0.#}") : "–";

    public static string Signed(double value) => Text($"{value:+0.####;-0.####;0}");

    public static string Money(decimal? cost) => cost is { } amount ? Text($"{amount:0.####}") : "–";

    /// <summary>Who judged, with the versions that its provider reported.</summary>
    public static string Judge(GradingFigures graded) => graded.Versions.Count == 0 ? graded.Judge : $"{graded.Judge} ({string.Join(", ", graded.Versions)})";

    public static string Words(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => "pass",
        GateVerdict.Fail => "fail",
        GateVerdict.Inconclusive => "inconclusive",
        GateVerdict.Refused => "refused",
    };

    public static string Words(Recommendation? recommendation) => recommendation switch
    {
        Recommendation.Recommended => "recommended",
        Recommendation.Caution => "caution",
        Recommendation.NotRecommended => "not recommended",
        null => "no recommendation",
    };

    /// <summary>What was compared, in a few words.</summary>
    public static string Title(EvaluationResult result) => result.Source is { } source
        ? $"{source.Model} → {result.Target.Model} on {result.Dataset.Name}"
        : $"{result.Target.Model} on {result.Dataset.Name}";

    /// <summary>Why nothing may be green, or null: refused by the gate, not whole, or empty.</summary>
    public static string? Trouble(EvaluationResult result) => result.Gate is { Verdict: GateVerdict.Refused } gate ? gate.Reason
        : result.Safety is { Verdict: GateVerdict.Refused } safety ? safety.Reason
        : result.Completeness != Core.Evaluation.Gating.Refusing.DataCompleteness.Complete ? $"The run is not of the whole data set. {result.IncompleteBecause}".TrimEnd()
        : result.Metrics.Count == 0 ? "Nothing was scored."
        : result.Metrics.FirstOrDefault(static metric => metric.Target.Cases == 0) is { } empty ? $"No case has a score of {empty.Metric}."
        : null;

    /// <summary>A text of a model in a cell of a Markdown table: it must neither break the table nor become markup.</summary>
    public static string Cell(string text)
    {
        var cell = new StringBuilder(text.Length);
        foreach (var each in text.ReplaceLineEndings(" "))
        {
            _ = each switch
            {
                '<' => cell.Append("&lt;"),
                '&' => cell.Append("&amp;"),
                '|' or '`' or '*' or '_' or '[' or ']' or '\\' => cell.Append('\\').Append(each),
                _ => cell.Append(char.IsControl(each) ? ' ' : each),
            };
        }

        return cell.ToString();
    }

    /// <summary>One lost row whole: where it stands, what was expected and what came.</summary>
    public static IEnumerable<string> Lines(WorstCase worst)
    {
        yield return Text($"{worst.Sample}{(worst.Line is { } line ? Text($" (line {line})") : "")}: {worst.Metric} {Value(worst.SourceScore)} -> {Value(worst.TargetScore)}");
        foreach (var (name, text) in new[] { ("prompt", worst.Prompt), ("expected", worst.Expected), ("source", worst.SourceAnswer), ("target", worst.TargetAnswer) })
        {
            if (text is not null)
            {
                yield return $"  {name}: {text}";
            }
        }
    }
}
