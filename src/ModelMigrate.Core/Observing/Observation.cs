namespace ModelMigrate.Core.Observing;

/// <summary>How an admitted request ended: counts and times only, never a body.</summary>
public readonly record struct Observation
{
    /// <summary>The admission that this ends.</summary>
    public required long Ticket { get; init; }

    /// <summary>The assigned arm's own outcome, before any rescue.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Time from admission to the assigned arm's first content, or null when none came.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>Time from admission to the end of the assigned arm's attempt.</summary>
    public required TimeSpan Latency { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>US dollars over all attempts, or null when a price is unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Whether another model answered after the assigned arm failed, and the client saw a success.</summary>
    public bool Rescued { get; init; }

    /// <summary>Whether the client saw a failure.</summary>
    public bool UserError { get; init; }

    /// <summary>The model version that the assigned arm's provider reported, or null.</summary>
    public string? ModelVersion { get; init; }
}
