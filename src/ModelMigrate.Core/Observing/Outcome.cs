namespace ModelMigrate.Core.Observing;

/// <summary>How a request went on the arm that it was assigned to, before any rescue.</summary>
public enum Outcome
{
    Ok,

    /// <summary>The provider failed: connection, 5xx, malformed or cut answer.</summary>
    Error,

    /// <summary>The client's mistake (4xx); charged to nobody.</summary>
    ClientError,

    /// <summary>429 from the provider; a failure of the arm.</summary>
    Throttled,

    /// <summary>A time limit passed; a failure of the arm.</summary>
    Timeout,

    /// <summary>The arm was not even tried: its breaker was open or a limit reached; a failure of the arm.</summary>
    Skipped,

    /// <summary>The client went away before the outcome was known; charged to nobody, its latency so far is censored.</summary>
    Canceled,
}
