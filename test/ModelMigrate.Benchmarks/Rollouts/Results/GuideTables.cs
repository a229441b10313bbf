using System.Globalization;
using System.Text;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>The tables of the guide's page about judging, worked out from the values that are stored beside it.</summary>
internal static class GuideTables
{
    /// <summary>Name of the file with the values.</summary>
    public const string Values = "cells.csv";

    private const string Begin = "<!-- Written by the bench; see the command above. -->\n", End = "<!-- End of what the bench wrote. -->\n";

    /// <summary>The page with everything between its marks written anew.</summary>
    public static string Replace(string page, string values)
    {
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        return to < from ? throw new ArgumentException("The page has no place for the bench's tables.", nameof(page)) : page[..from] + Render(CsvFile.Read(values)) + page[to..];
    }

    private static string Render(IReadOnlyList<Cell> cells)
    {
        var text = new StringBuilder();
        Table(text, cells, ScenarioKind.Healthy, "### Equal arms: share of migrations rolled back, all of them falsely", c => Percent(c.RollbackRate));
        Table(text, cells, ScenarioKind.Harm, "### A worse target: mean target requests exposed within 30 minutes (and the share rolled back, when not all)", Exposed);
        Table(text, cells, ScenarioKind.Margin, "### Worse by exactly the margin: share promoted, all of them falsely", c => Percent(c.PromotionRate));
        Table(text, cells, ScenarioKind.Reported, "### Reported: exposed requests and the share rolled back", Exposed);
        text.Append("### What was asked, and what came out\n\n```\n");
        foreach (var goal in Goals.Check(cells))
        {
            text.Append(goal.IsMet ? "PASS  " : "FAIL  ").Append(goal.Text).Append('\n');
        }

        return text.Append("```\n\n").ToString();
    }

    private static void Table(StringBuilder text, IReadOnlyList<Cell> cells, ScenarioKind kind, string heading, Func<Cell, string> show)
    {
        var shown = cells.Where(c => c.Kind == kind).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        var methods = shown.Select(c => c.Method).Distinct().ToList();
        text.Append(CultureInfo.InvariantCulture, $"{heading}\n\n| scenario | req/s | {string.Join(" | ", methods)} |\n|---|---|{string.Concat(Enumerable.Repeat("---|", methods.Count))}\n");
        foreach (var row in shown.GroupBy(c => (c.Scenario, c.Rate)))
        {
            var figures = methods.Select(m => show(row.First(c => c.Method == m)));
            text.Append(CultureInfo.InvariantCulture, $"| [{row.Key.Scenario}](judging/{row.Key.Scenario}.svg) | {row.Key.Rate:0.###} | {string.Join(" | ", figures)} |\n");
        }

        text.Append('\n');
    }

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Exposed(Cell cell)
    {
        var exposed = cell.MeanExposed.ToString("0", CultureInfo.InvariantCulture);
        return cell.RolledBack == cell.Repetitions ? exposed : $"{exposed} ({cell.RollbackRate.ToString("0 %", CultureInfo.InvariantCulture)})";
    }
}
