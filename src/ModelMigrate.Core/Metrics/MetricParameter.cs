using System.Globalization;

namespace ModelMigrate.Core.Metrics;

/// <summary>What a metric may be told, and what it takes when it is not.</summary>
/// <param name="Name">As it is written before the equals sign.</param>
/// <param name="Default">As it would be written; null when it must be given.</param>
/// <param name="Meaning">Half a sentence.</param>
public sealed record MetricParameter(string Name, string? Default, string Meaning)
{
    /// <summary>The only values, or empty.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>The least and the most that a number may be, or null when it is none.</summary>
    public (double Least, double Most)? Bounds { get; private init; }

    /// <summary>Whether a number must be whole.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Whether the signature has it: a long text stands there by its hash.</summary>
    public bool IsText { get; private init; }

    public static MetricParameter Flag(string name, bool otherwise, string meaning) => new(name, otherwise ? "true" : "false", meaning) { Choices = ["true", "false"] };

    public static MetricParameter Word(string name, string meaning, params string[] choices) => new(name, choices[0], meaning) { Choices = choices };

    public static MetricParameter Whole(string name, int otherwise, int least, int most, string meaning) =>
        new(name, otherwise.ToString(CultureInfo.InvariantCulture), meaning) { Bounds = (least, most), IsWhole = true };

    public static MetricParameter Number(string name, double otherwise, double least, double most, string meaning) =>
        new(name, otherwise.ToString("R", CultureInfo.InvariantCulture), meaning) { Bounds = (least, most) };

    /// <summary><paramref name="otherwise"/> null: it must be given; empty: without it the metric does something else.</summary>
    public static MetricParameter Text(string name, string? otherwise, string meaning) => new(name, otherwise, meaning) { IsText = true };

    /// <summary>What is wrong with a value and what to write instead; null when nothing is.</summary>
    internal string? Wrong(string value)
    {
        if (Choices.Count > 0)
        {
            return Choices.Contains(value, StringComparer.Ordinal) ? null : $"{Name}={value} is none of its values; write {string.Join(" or ", Choices.Select(choice => $"{Name}={choice}"))}.";
        }

        if (Bounds is not { } bounds)
        {
            return null;
        }

        var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (!IsWhole || number == Math.Floor(number));
        return isNumber && number >= bounds.Least && number <= bounds.Most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Name}={value} is not {(IsWhole ? "a whole number" : "a number")} from {bounds.Least} to {bounds.Most}; write for example {Name}={Default}.");
    }
}
