namespace ModelMigrate.Core.Promptfoo.Deriving;

/// <summary>A figure of a model and prompt that is worked out of the sums of its named scores.</summary>
public sealed class DerivedMetric
{
    /// <summary>What a formula calls the number of rows.</summary>
    internal const string Count = "__count";

    internal DerivedMetric(string name, ScoreFormula formula) => (Name, Formula) = (name, formula);

    public string Name { get; }

    internal ScoreFormula Formula { get; }

    /// <summary>The figures that can be worked out, and a sentence for each that cannot; a later one may use those before it.</summary>
    /// <param name="metrics">In their order.</param>
    /// <param name="sums">Named scores, summed.</param>
    /// <param name="rows">Of the model and prompt.</param>
    public static (IReadOnlyDictionary<string, double> Values, IReadOnlyList<string> Lacking) Of(IReadOnlyList<DerivedMetric> metrics, IReadOnlyDictionary<string, double> sums, long rows)
    {
        var (known, values, lacking) = (new Dictionary<string, double>(sums, StringComparer.Ordinal) { [Count] = rows }, new SortedDictionary<string, double>(StringComparer.Ordinal), new List<string>());
        foreach (var metric in metrics)
        {
            if (metric.Formula.Names.FirstOrDefault(name => !known.ContainsKey(name)) is { } missing)
            {
                lacking.Add($"'{metric.Name}' is not known: no row has a score '{missing}'.");
            }
            else if (metric.Formula.Evaluate(known) is var value && double.IsFinite(value))
            {
                (known[metric.Name], values[metric.Name]) = (value, value);
            }
            else
            {
                lacking.Add($"'{metric.Name}' is not known: it divides by 0, or is no number.");
            }
        }

        return (values, lacking);
    }
}
