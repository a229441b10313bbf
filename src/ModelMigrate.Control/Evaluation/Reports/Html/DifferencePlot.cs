using System.Text;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Reports.Html;

/// <summary>How the differences of single rows are distributed, as SVG: an average says nothing of a few rows that lost everything.</summary>
internal static class DifferencePlot
{
    /// <summary>Odd, so that no difference has a bar of its own.</summary>
    private const int Bars = 21;

    private const double Width = 660;
    private const double Height = 120;

    /// <summary>At either side, for what is written under the outermost bars.</summary>
    private const double Edge = 30;

    public static void Write(StringBuilder html, MetricFigures metric, SampleScores samples)
    {
        if (samples.Source?.GetValueOrDefault(metric.Metric) is not { } source || samples.Target.GetValueOrDefault(metric.Metric) is not { } target)
        {
            return;
        }

        var differences = source.Zip(target, static (first, second) => second - first).OfType<double>().ToList();
        var reach = differences.Count == 0 ? 0 : differences.Max(Math.Abs);
        if (reach == 0)
        {
            Page.Line(html, $"<p>{Page.Text(metric.Metric)}: no row differs.</p>");
            return;
        }

        var counts = new int[Bars];
        foreach (var difference in differences)
        {
            counts[(int)Math.Round((difference / reach * (Bars / 2)) + (Bars / 2), MidpointRounding.AwayFromZero)]++;
        }

        // Most rows are alike; beside them the others would not be seen.
        var most = counts.Where(static (_, i) => i != Bars / 2).Append(1).Max();
        Page.Line(html, $"<h3>{Page.Text(metric.Metric)}</h3>");
        Page.Line(html, $"<svg viewBox=\"{-Edge} 0 {Width + (2 * Edge)} {Height + 22}\" role=\"img\" aria-label=\"Distribution of differences by row\">");
        for (var i = 0; i < Bars; i++)
        {
            var (x, tall) = (Math.Round(i * Width / Bars, 1), Math.Round(Math.Min(1, counts[i] / (double)most) * (Height - 16), 1));
            var kind = i == Bars / 2 ? "alike" : i < Bars / 2 == (metric.Direction != Core.Metrics.MetricDirection.LowerIsBetter) ? "fail" : "pass";
            Page.Line(html, $"<rect class=\"{kind}\" x=\"{x + 1}\" y=\"{Height - tall}\" width=\"{Math.Round((Width / Bars) - 2, 1)}\" height=\"{tall}\"/>");
            if (counts[i] > 0)
            {
                Page.Line(html, $"<text class=\"axis\" x=\"{Math.Round(x + (Width / Bars / 2), 1)}\" y=\"{Math.Max(10, Height - tall - 3)}\">{counts[i]}</text>");
            }
        }

        foreach (var (at, value) in new[] { (0, -reach), (Bars / 2, 0), (Bars - 1, reach) })
        {
            Page.Line(html, $"<text class=\"axis\" x=\"{Math.Round((at + 0.5) * Width / Bars, 1)}\" y=\"{Height + 16}\">{Figures.Signed(value)}</text>");
        }

        Page.Line(html, $"</svg>");
    }
}
