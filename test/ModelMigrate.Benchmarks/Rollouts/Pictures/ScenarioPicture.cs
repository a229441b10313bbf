using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Pictures;

/// <summary>Draws one scenario: for each rate, the share of migrations that each method has rolled back by each minute.</summary>
internal static class ScenarioPicture
{
    private const double PanelWidth = 380, PanelHeight = 230, Left = 52, Top = 62, Between = 48, Bottom = 46, LegendWidth = 250, Minutes = 30;

    public static async Task WriteAllAsync(IReadOnlyList<Cell> cells, IReadOnlyList<Scenario> scenarios, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var scenario in scenarios)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{scenario.Name}.svg"), Draw(scenario, [.. cells.Where(c => c.Scenario == scenario.Name)]));
        }
    }

    public static string Draw(Scenario scenario, IReadOnlyList<Cell> cells)
    {
        var rates = cells.Select(c => c.Rate).Distinct().Order().ToList();
        var width = Left + (rates.Count * (PanelWidth + Between)) + LegendWidth;
        var svg = new SvgWriter(width, Top + PanelHeight + Bottom, $"{scenario.Name}: {scenario.Title}");
        svg.Text(Left, 24, scenario.Name, size: 16, bold: true);
        svg.Text(Left, 42, $"{scenario.Title}. {Reading(scenario.Kind)}", size: 12);
        for (var i = 0; i < rates.Count; i++)
        {
            Panel(svg, Left + (i * (PanelWidth + Between)), rates[i], [.. cells.Where(c => c.Rate.Equals(rates[i]))]);
        }

        Legend(svg, Left + (rates.Count * (PanelWidth + Between)) - 16, cells, rates);
        return svg.ToString();
    }

    private static string Reading(ScenarioKind kind) => kind switch
    {
        ScenarioKind.Healthy => "Every rollback is false: lower is better.",
        ScenarioKind.Margin => "Exactly at the margin.",
        ScenarioKind.Harm => "The target is worse: sooner and higher is better.",
        ScenarioKind.Reported => "Reported.",
    };

    private static void Panel(SvgWriter svg, double left, double rate, IReadOnlyList<Cell> cells)
    {
        for (var share = 0; share <= 100; share += 25)
        {
            var y = Y(share / 100.0);
            svg.Line(left, y, left + PanelWidth, y, "#dddddd");
            svg.Text(left - 6, y + 4, $"{share} %", size: 10, anchor: "end");
        }

        for (var minute = 0; minute <= Minutes; minute += 5)
        {
            svg.Text(X(left, minute), Top + PanelHeight + 16, $"{minute}", size: 10, anchor: "middle");
        }

        for (var step = 1; step <= 2; step++)
        {
            svg.Line(X(left, step * 10), Top, X(left, step * 10), Top + PanelHeight, "#bbbbbb", dash: "2 3");
        }

        svg.Text(left + 4, Top - 6, $"{rate:0.###} requests a second", size: 11, bold: true);
        svg.Text(left + (PanelWidth / 2), Top + PanelHeight + 34, "minutes; rolled back so far; the weight is 5, 25, 50 %", size: 10, anchor: "middle");
        foreach (var cell in cells)
        {
            if (MethodStyle.Of(cell.Method) is { } style)
            {
                var points = new List<(double X, double Y)> { (X(left, 0), Y(0)) };
                points.AddRange(cell.RolledBackBy.Select((share, i) => (X(left, i + 1), Y(share))));
                svg.Polyline(points, style.Color, style.Width, style.Dash);
            }
        }
    }

    /// <summary>Ends every line with its figures, so that nobody has to read them off.</summary>
    private static void Legend(SvgWriter svg, double left, IReadOnlyList<Cell> cells, List<double> rates)
    {
        svg.Text(left + 34, Top - 6, $"rolled back by minute 30 at {string.Join(" and ", rates.Select(r => $"{r:0.###}"))}/s", size: 10);
        var y = Top + 10.0;
        foreach (var method in cells.Select(c => c.Method).Distinct().Reverse())
        {
            if (MethodStyle.Of(method) is not { } style)
            {
                continue;
            }

            svg.Line(left, y - 4, left + 28, y - 4, style.Color, style.Width, style.Dash);
            var figures = cells.Where(c => c.Method == method).OrderBy(c => c.Rate).Select(c => $"{100 * c.RolledBackBy[^1]:0} %");
            svg.Text(left + 34, y, $"{method}  {string.Join(", ", figures)}", size: 11, bold: method == Workbench.Ours);
            y += 19;
        }
    }

    private static double X(double left, double minute) => left + (PanelWidth * minute / Minutes);

    private static double Y(double share) => Top + (PanelHeight * (1 - share));
}
