namespace ModelMigrate.Core.Api;

/// <summary>What one arm was given and how it did, over the current attempt. Rescues are reported here and never counted for the other arm.</summary>
public sealed record ArmView
{
    public required string Model { get; init; }

    public required string Provider { get; init; }

    /// <summary>Requests admitted to the arm.</summary>
    public required long Admitted { get; init; }

    /// <summary>Requests with an outcome that counts: failures and successes.</summary>
    public required long Ended { get; init; }

    public required long Failures { get; init; }

    /// <summary>Failures / ended, or null when nothing ended.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>Failures that another model answered, so that the client saw a success.</summary>
    public required long Rescued { get; init; }

    /// <summary>Failures that the client saw.</summary>
    public required long UserErrors { get; init; }

    /// <summary>Requests by outcome, in snake case.</summary>
    public required IReadOnlyDictionary<string, long> Outcomes { get; init; }

    /// <summary>Milliseconds from admission to the end of the arm's own attempt, or null when nothing succeeded.</summary>
    public double? P50Ms { get; init; }

    public double? P90Ms { get; init; }

    public double? P95Ms { get; init; }

    public double? P99Ms { get; init; }

    /// <summary>Milliseconds from admission to the first content, or null.</summary>
    public double? FirstTokenP50Ms { get; init; }

    public double? FirstTokenP90Ms { get; init; }

    public required long InputTokens { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>US dollars over all attempts, or null when a price is unknown.</summary>
    public decimal? Cost { get; init; }
}
