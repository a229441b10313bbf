namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>How a judge is asked.</summary>
public sealed record JudgeLimits
{
    /// <summary>The longest verdict in tokens, what the judge thinks with it. Default: 2,048.</summary>
    public int MaxTokens { get; init; } = 2048;

    /// <summary>How long one call may take. Default: 2 minutes.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a call is made that does not arrive or is asked to slow down. Default: 4.</summary>
    public int Tries { get; init; } = 4;

    /// <summary>US dollars that judging may cost at most; null for no limit.</summary>
    public decimal? MaxCost { get; init; }
}
