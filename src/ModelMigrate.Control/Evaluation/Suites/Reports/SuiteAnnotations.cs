using System.Text;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Suites.Outcomes;

namespace ModelMigrate.Control.Evaluation.Suites.Reports;

/// <summary>Writes a run of suites as GitHub workflow commands, each at its case's line of the file.</summary>
public static class SuiteAnnotations
{
    /// <summary><paramref name="path"/>: of the file in the repository; null and nothing has a place.</summary>
    public static string Write(SuiteReport report, string? path)
    {
        var text = new StringBuilder();
        foreach (var each in report.Cases.Where(static each => each.Outcome != CaseOutcome.Pass || each.Flaky))
        {
            var level = each.Outcome is CaseOutcome.Pass or CaseOutcome.Inconclusive ? "warning" : "error";
            WorkflowCommand.Write(text, level, each.Line is null ? null : path, each.Line, $"{each.Id}: {SuiteFigures.Word(each).ToLowerInvariant()}", SuiteFigures.Reason(each));
        }

        return text.ToString();
    }
}
