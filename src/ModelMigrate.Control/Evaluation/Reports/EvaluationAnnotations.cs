using System.Text;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports;

/// <summary>Writes a result as GitHub workflow commands, which become annotations: a line for each gate that did not pass, then lost rows at their line of the data set.</summary>
public static class EvaluationAnnotations
{
    /// <summary><paramref name="datasetPath"/>: of the data set in the repository; null and rows are not annotated.</summary>
    public static string Write(EvaluationResult result, string? datasetPath = null)
    {
        var text = new StringBuilder();
        if (Figures.Trouble(result) is { } trouble)
        {
            WorkflowCommand.Write(text, "error", file: null, line: null, "Evaluation refused", trouble);
        }

        foreach (var gate in result.Gate?.Metrics ?? [])
        {
            switch (gate.Verdict)
            {
                case GateVerdict.Pass:
                    break;
                case GateVerdict.Inconclusive:
                    WorkflowCommand.Write(text, "warning", file: null, line: null, $"{gate.Metric}: inconclusive", gate.Reason);
                    break;
                case GateVerdict.Fail or GateVerdict.Refused:
                    WorkflowCommand.Write(text, "error", file: null, line: null, $"{gate.Metric}: fail", gate.Reason);
                    break;
            }
        }

        if (result.Safety is { Verdict: GateVerdict.Fail or GateVerdict.Inconclusive } safety)
        {
            WorkflowCommand.Write(text, safety.Verdict == GateVerdict.Fail ? "error" : "warning", file: null, line: null, $"Safety: {Figures.Words(safety.Verdict)}", safety.Reason);
        }

        foreach (var worst in result.WorstCases.Where(each => datasetPath is not null && each.Line is not null).Take(WorkflowCommand.MostShown))
        {
            WorkflowCommand.Write(text, "notice", datasetPath, worst.Line, $"{worst.Metric} lost", string.Join('\n', Figures.Lines(worst)));
        }

        return text.ToString();
    }
}
