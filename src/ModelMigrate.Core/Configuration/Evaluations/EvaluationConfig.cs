namespace ModelMigrate.Core.Configuration.Evaluations;

/// <summary>A comparison of two models as a person wrote it: a file of its own, or the options of a command.</summary>
public sealed record EvaluationConfig
{
    /// <summary>The source: a model of the configuration, or <c>openai:NAME@URL</c>.</summary>
    public required string Source { get; init; }

    public required string Target { get; init; }

    /// <summary>The configuration that names of models are looked up in; null for the usual one.</summary>
    public string? Models { get; init; }

    /// <summary>A file or a folder.</summary>
    public required string Dataset { get; init; }

    /// <summary>Field of a row → column of the data.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>For example <c>tag=hard</c>.</summary>
    public IReadOnlyList<string> Filter { get; init; } = [];

    /// <summary>Rows at most; null for all.</summary>
    public long? Limit { get; init; }

    public required IReadOnlyList<EvaluationMetricConfig> Metrics { get; init; }

    /// <summary>How often each row is asked.</summary>
    public int Repeats { get; init; } = 1;

    public string? System { get; init; }

    public double? Temperature { get; init; }

    public int? MaxTokens { get; init; }

    /// <summary>Sent to the models, plus the repeat's number.</summary>
    public long? Seed { get; init; }

    /// <summary>One-sided chance of a false pass over all gates together.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>What the bootstrap draws depend on.</summary>
    public uint DrawSeed { get; init; } = 1;

    public int Concurrency { get; init; } = 8;

    public int Retries { get; init; } = 3;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>US dollars for the models' answers; null for no limit.</summary>
    public decimal? Budget { get; init; }

    /// <summary>The model that grades where a metric names none.</summary>
    public string? Judge { get; init; }

    /// <summary>Whether a judge may be of an arm's family.</summary>
    public bool AllowsSameFamily { get; init; }

    /// <summary>US dollars for all judges together; null for no limit.</summary>
    public decimal? GradingBudget { get; init; }
}
