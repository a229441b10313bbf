using System.Text;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Reports.Html;

/// <summary>
/// The paired differences with their intervals as SVG. Each metric has its own unit, so each line is drawn in margins: −1 is where the gate is held against, and better is
/// to the right for every metric.
/// </summary>
internal static class ForestPlot
{
    private const double LabelWidth = 190;
    private const double PlotWidth = 470;
    private const double RowHeight = 30;

    /// <summary>In margins, to either side; what lies beyond is cut at the edge.</summary>
    private const double Reach = 3;

    public static void Write(StringBuilder html, EvaluationResult result, IReadOnlyList<MetricVerdict> gates)
    {
        var height = (RowHeight * gates.Count) + 40;
        Page.Line(html, $"<p class=\"soft\">In margins of each metric; an interval that lies right of the dashed line passes.</p>");
        Page.Line(html, $"<svg viewBox=\"0 0 {LabelWidth + PlotWidth + 20} {height}\" role=\"img\" aria-label=\"Differences with intervals, in margins\">");
        foreach (var tick in new[] { -3, -2, -1, 0, 1, 2, 3 })
        {
            var kind = tick == -1 ? "margin" : tick == 0 ? "zero" : "tick";
            Page.Line(html, $"<line class=\"{kind}\" x1=\"{Place(tick)}\" x2=\"{Place(tick)}\" y1=\"8\" y2=\"{height - 28}\"/>");
            Page.Line(html, $"<text class=\"axis\" x=\"{Place(tick)}\" y=\"{height - 12}\">{(tick == -1 ? "−margin" : tick == 0 ? "equal" : tick < 0 ? Figures.Text($"−{-tick}") : Figures.Text($"+{tick}"))}</text>");
        }

        for (var i = 0; i < gates.Count; i++)
        {
            Row(html, result, gates[i], 8 + (RowHeight * (i + 0.5)));
        }

        Page.Line(html, $"</svg>");
    }

    private static void Row(StringBuilder html, EvaluationResult result, MetricVerdict gate, double y)
    {
        var isLower = result.Metrics.FirstOrDefault(metric => metric.Metric == gate.Metric)?.Direction == MetricDirection.LowerIsBetter;
        // A margin of 0 has no unit of its own: the interval's half takes its place.
        var unit = gate.Margin > 0 ? gate.Margin : Math.Max(1e-9, (gate.High - gate.Low) / 2);
        var (low, middle, high) = isLower ? (-gate.High / unit, -gate.Difference / unit, -gate.Low / unit) : (gate.Low / unit, gate.Difference / unit, gate.High / unit);
        var verdict = Figures.Words(gate.Verdict);
        Page.Line(html, $"<g class=\"{verdict}\"><title>{Page.Text($"{gate.Metric}: {Figures.Signed(gate.Difference)} [{Figures.Signed(gate.Low)}, {Figures.Signed(gate.High)}], margin {Figures.Value(gate.Margin)}")}</title>");
        Page.Line(html, $"<text class=\"name\" x=\"{LabelWidth - 12}\" y=\"{y + 4}\">{Page.Text(gate.Metric)}</text>");
        Page.Line(html, $"<line class=\"interval\" x1=\"{Place(low)}\" x2=\"{Place(high)}\" y1=\"{y}\" y2=\"{y}\"/>");
        Page.Line(html, $"<circle cx=\"{Place(middle)}\" cy=\"{y}\" r=\"5\"/></g>");
    }

    private static double Place(double margins) => Math.Round(LabelWidth + ((Math.Clamp(margins, -Reach, Reach) + Reach) / (2 * Reach) * PlotWidth), 1);
}
