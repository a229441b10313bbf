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

    /// <summary>Whether <see cref="Latency"/> only places the end: a recording that does not know how long it took. No latency gate counts it.</summary>
    public bool LatencyUnknown { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>US dollars over all attempts, or null when a price is unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Whether another model answered after the assigned arm failed, and the client saw a success.</summary>
    public bool Rescued { get; init; }

    /// <summary>Whether the client saw a failure.</summary>
    public bool UserError { get; init; }

    /// <summary>Bit i: the migration's i-th check looked at the answer.</summary>
    public ulong Checked { get; init; }

    /// <summary>Bit i: the i-th check failed; only where <see cref="Checked"/> has the bit.</summary>
    public ulong FailedChecks { get; init; }

    /// <summary>How good the answer is, 0 to 1, or null when nobody scored it.</summary>
    public double? Quality { get; init; }

    /// <summary>How content its reader is, 0 to 1, or null when nobody said.</summary>
    public double? Satisfaction { get; init; }

    /// <summary>Hash of what pairs this request with one of the other arm, or 0: requests without are paired in admission order.</summary>
    public ulong Pair { get; init; }

    /// <summary>The model version that the assigned arm's provider reported, or null.</summary>
    public string? ModelVersion { get; init; }
}
