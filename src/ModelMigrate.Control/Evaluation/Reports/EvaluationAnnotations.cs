using System.Text;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes a result as GitHub workflow commands, which become annotations: a line for each gate that did not pass, then lost rows at their line of the data set.</summary>
public static class EvaluationAnnotations
{
    /// <summary>GitHub shows ten of a kind for each step.</summary>
    private const int MostShown = 10;

    /// <summary><paramref name="datasetPath"/>: of the data set in the repository; null and rows are not annotated.</summary>
    public static string Write(EvaluationResult result, string? datasetPath = null)
    {
        var text = new StringBuilder();
        if (Figures.Trouble(result) is { } trouble)
        {
            Command(text, "error", "", "Evaluation refused", trouble);
        }

        foreach (var gate in result.Gate?.Metrics ?? [])
        {
            switch (gate.Verdict)
            {
                case GateVerdict.Pass:
                    break;
                case GateVerdict.Inconclusive:
                    Command(text, "warning", "", $"{gate.Metric}: inconclusive", gate.Reason);
                    break;
                case GateVerdict.Fail or GateVerdict.Refused:
                    Command(text, "error", "", $"{gate.Metric}: fail", gate.Reason);
                    break;
            }
        }

        foreach (var worst in result.WorstCases.Where(each => datasetPath is not null && each.Line is not null).Take(MostShown))
        {
            Command(text, "notice", Figures.Text($"file={Property(datasetPath!)},line={worst.Line},"), $"{worst.Metric} lost", string.Join('\n', Figures.Lines(worst)));
        }

        return text.ToString();
    }

    private static void Command(StringBuilder text, string level, string place, string title, string message) =>
        text.Append("::").Append(level).Append(' ').Append(place).Append("title=").Append(Property(title)).Append("::").Append(Data(message)).Append('\n');

    // What a model answered must not become a command of its own.
    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
