using System.Globalization;

namespace ModelMigrate.Core.Metrics;

/// <summary>The parameters of one metric, each valid by its <see cref="MetricParameter"/>. A definition may still refuse a text: it adds to <see cref="Problems"/>.</summary>
public sealed class MetricArguments(IReadOnlyDictionary<string, string> values)
{
    /// <summary>What a definition refuses, each with what to write instead.</summary>
    public IList<string> Problems { get; } = [];

    internal IReadOnlyDictionary<string, string> Values => values;

    public string Text(string name) => values[name];

    public bool Flag(string name) => values[name] == "true";

    public int Whole(string name) => (int)Number(name);

    public double Number(string name) => double.Parse(values[name], NumberStyles.Float, CultureInfo.InvariantCulture);
}
