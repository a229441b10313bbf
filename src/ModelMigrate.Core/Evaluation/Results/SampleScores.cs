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

    /// <summary>What is wrong with it, or null.</summary>
    internal string? Problem()
    {
        var wrong = Target.Concat(Source ?? new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal)).Where(column => column.Value.Count != Ids.Count)
            .Select(static column => column.Key).FirstOrDefault();
        return wrong is not null ? $"its samples have not one score of {wrong} for each id; write the file again."
            : Clusters is { } clusters && clusters.Count != Ids.Count ? "its samples have not one cluster for each id; write the file again."
            : Ids.Distinct(StringComparer.Ordinal).Count() != Ids.Count ? "an id stands twice in its samples; write the file again."
            : null;
    }
}
