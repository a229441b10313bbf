using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Suites.Parity;

/// <summary>What parity asks.</summary>
public sealed record ParityTerms
{
    /// <summary>Prompts in any format of data sets, relative to the file of suites.</summary>
    public required string Dataset { get; init; }

    /// <summary>Field of a row → column of the data.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>The first so many rows are asked.</summary>
    public int Rows { get; init; } = 100;

    /// <summary>How the target's answer is compared with the source's.</summary>
    public required AnswerMetric Similarity { get; init; }

    /// <summary>What the mean similarity must reach.</summary>
    public double LeastSimilarity { get; init; } = 0.8;

    /// <summary>How many times as long the target may take, at its median and at its 95th percentile.</summary>
    public double Latency { get; init; } = 1.2;

    /// <summary>How much larger the share of calls without an answer may be.</summary>
    public double ErrorMargin { get; init; } = 0.05;

    /// <summary>How answers are compared with references where every row has one; null asks nothing.</summary>
    public AnswerMetric? Accuracy { get; init; }

    /// <summary>Whether rows without references are refused, because the file names a metric of its own.</summary>
    public bool NeedsReferences { get; init; }

    /// <summary>How much worse the target's accuracy may be.</summary>
    public double AccuracyMargin { get; init; } = 0.05;

    public string? System { get; init; }

    public double? Temperature { get; init; }

    public int? MaxTokens { get; init; }

    /// <summary>Prompts under way at once; each asks one model after the other.</summary>
    public int Concurrency { get; init; } = 4;
}
