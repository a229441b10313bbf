using System.Globalization;
using System.Net;
using System.Text;

namespace ModelMigrate.Benchmarks.Rollouts.Pictures;

/// <summary>Writes a small SVG picture: lines and text on white, readable without styles or scripts.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _svg = new();

    public SvgWriter(double width, double height, string title) => _svg
        .Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0.#} {height:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" font-family=\"sans-serif\" role=\"img\">\n")
        .Append(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(title)}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");

    public void Line(double x1, double y1, double x2, double y2, string color, double width = 1, string dash = "") => _svg.Append(
        CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{color}\" stroke-width=\"{width:0.#}\"{Dashes(dash)}/>\n");

    public void Polyline(IEnumerable<(double X, double Y)> points, string color, double width, string dash)
    {
        _svg.Append("<polyline points=\"");
        foreach (var (x, y) in points)
        {
            _svg.Append(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#} ");
        }

        _svg.Append(CultureInfo.InvariantCulture, $"\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width:0.#}\"{Dashes(dash)}/>\n");
    }

    public void Text(double x, double y, string text, int size, bool bold = false, string anchor = "start") => _svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"bold\"" : "")}>{WebUtility.HtmlEncode(text)}</text>\n");

    public override string ToString() => _svg + "</svg>\n";

    private static string Dashes(string dash) => dash.Length == 0 ? "" : $" stroke-dasharray=\"{dash}\"";
}
