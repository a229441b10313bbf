using System.Text;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Suites.Outcomes;

namespace ModelMigrate.Control.Evaluation.Suites.Reports;

/// <summary>Writes a run of suites as Markdown.</summary>
public static class SuiteMarkdown
{
    public static string Write(SuiteReport report)
    {
        var text = new StringBuilder();
        text.Append("# Suites").Append(report.Model is { } model ? $" on {Figures.Cell(model)}" : "").Append("\n\n").Append(SuiteFigures.Sum(report)).Append("\n\n| suite | case | result | time | |\n|---|---|---|---|---|\n");
        foreach (var each in report.Cases)
        {
            text.Append(Figures.Text($"| {Figures.Cell(each.Suite)} | {Figures.Cell(each.Name)} | {SuiteFigures.Word(each)} | {each.Milliseconds:0} ms | {(each.Outcome == CaseOutcome.Pass && !each.Flaky ? "" : Figures.Cell(SuiteFigures.Reason(each)))} |\n"));
        }

        return text.ToString();
    }
}
