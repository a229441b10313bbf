using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Promptfoo.Deriving;

namespace ModelMigrate.Core.Promptfoo.Reading;

/// <summary>Reads <c>derivedMetrics</c>: names with formulas.</summary>
internal static class DerivedMetricReader
{
    public static IReadOnlyList<DerivedMetric> Read(YamlNode? node, SourceFile file)
    {
        var read = new List<DerivedMetric>();
        foreach (var item in SourceFile.Items(node))
        {
            if (file.Keys(item, "A derived metric", ["name", "value"]) is not { } map)
            {
                continue;
            }

            var (name, formula) = (file.Text(map, "name"), map.Find("value")?.Value);
            if (string.IsNullOrEmpty(name) || formula is not YamlScalar { Text: { Length: > 0 } text })
            {
                file.Refuse(item, "missing-key", "A derived metric needs a name and a formula.", "Write for example '{name: precision, value: hits / (hits + misses)}'.");
            }
            else if (text.StartsWith(SourceFiles.Scheme, StringComparison.Ordinal))
            {
                file.Refuse(formula, "not-run", $"The formula of '{name}' is a program.", "Write it out, for example hits / (hits + misses).");
            }
            else if (ScoreFormula.TryParse(text, out var wrong) is { } made)
            {
                if (made.Names.Contains(name, StringComparer.Ordinal))
                {
                    // promptfoo works it out again after every row, each time on top of itself.
                    file.Refuse(formula, "bad-value", $"The formula of '{name}' reads '{name}'.", "Give the figure another name.");
                }

                read.Add(new DerivedMetric(name, made));
            }
            else
            {
                file.Refuse(formula, "bad-value", $"The formula of '{name}' is not understood: {wrong}.", "Write names of scores, numbers, + - * / % ^, comparisons with '? :', and functions such as sqrt.");
            }
        }

        return read;
    }
}
