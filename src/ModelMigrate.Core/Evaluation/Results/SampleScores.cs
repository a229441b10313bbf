using System.Globalization;
using System.Text;

namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>The scores of each case, in columns.</summary>
public sealed record SampleScores
{
    /// <summary>With more cases a result holds none: half a gigabyte of JSON is no result file.</summary>
    public const int Most = 100_000;

    /// <summary>The cases' ids.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>The cluster of each case; null without clusters.</summary>
    public IReadOnlyList<string>? Clusters { get; init; }

    /// <summary>Scores by metric, in the order of the ids; null where there is none. Absent when one model was evaluated alone.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Source { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<double?>> Target { get; init; }

    /// <summary>
    /// The counts of each case that a corpus value is of, by metric, in the order of the ids: numbers with spaces between, or null where there is no score. With them a later run
    /// is compared case by case.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string?>>? TargetCounts { get; init; }

    /// <summary>Counts as they are written.</summary>
    public static string Text(ReadOnlySpan<double> counts)
    {
        var text = new StringBuilder();
        foreach (var count in counts)
        {
            text.Append(text.Length > 0 ? " " : "").Append(count.ToString("R", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Counts as they were written; null when they are not <paramref name="width"/> numbers.</summary>
    public static double[]? Read(string text, int width)
    {
        var counts = new double[width];
        var at = 0;
        foreach (var part in text.AsSpan().Split(' '))
        {
            if (at == width || !double.TryParse(text.AsSpan(part), NumberStyles.Float, CultureInfo.InvariantCulture, out counts[at++]))
            {
                return null;
            }
        }

        return at == width ? counts : null;
    }

    /// <summary>What is wrong with it, or null.</summary>
    internal string? Problem()
    {
        var wrong = Target.Concat(Source ?? new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal)).Where(column => column.Value.Count != Ids.Count)
            .Select(static column => column.Key).FirstOrDefault();
        return wrong is not null ? $"its samples have not one score of {wrong} for each id; write the file again."
            : TargetCounts?.FirstOrDefault(column => column.Value.Count != Ids.Count).Key is { } uncounted ? $"its samples have not the counts of {uncounted} for each id; write the file again."
            : Clusters is { } clusters && clusters.Count != Ids.Count ? "its samples have not one cluster for each id; write the file again."
            : Ids.Distinct(StringComparer.Ordinal).Count() != Ids.Count ? "an id stands twice in its samples; write the file again."
            : null;
    }
}
