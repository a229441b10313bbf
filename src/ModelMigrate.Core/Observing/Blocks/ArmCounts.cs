namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>What one arm's requests of a block came to so far. Plain sums: adding two gives the counts of both.</summary>
public readonly record struct ArmCounts
{
    /// <summary>Requests admitted, ended or not: the exposure.</summary>
    public long Admissions { get; init; }

    public long Ended { get; init; }

    /// <summary>Error, throttled, timeout and skipped outcomes together.</summary>
    public long Failures { get; init; }

    /// <summary>429 answers among the failures.</summary>
    public long Throttled { get; init; }

    /// <summary>Timeouts among the failures.</summary>
    public long Timeouts { get; init; }

    /// <summary>Requests among the failures that never reached the arm.</summary>
    public long Skipped { get; init; }

    /// <summary>4xx answers: neither exposure nor failure of the error gate.</summary>
    public long ClientErrors { get; init; }

    /// <summary>Requests whose client went away first: neither exposure nor failure of the error gate.</summary>
    public long Canceled { get; init; }

    /// <summary>Failures that another model answered, seen by the client as a success.</summary>
    public long Rescued { get; init; }

    /// <summary>Requests that the client saw fail.</summary>
    public long UserErrors { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>US dollars over all attempts whose price is known.</summary>
    public decimal Cost { get; init; }

    /// <summary>Requests that have not ended.</summary>
    public long Open => Admissions - Ended;

    /// <summary>Requests that the error gate counts: all but client errors and cancellations.</summary>
    public long Exposures => Admissions - ClientErrors - Canceled;

    public static ArmCounts operator +(in ArmCounts a, in ArmCounts b) => new()
    {
        Admissions = a.Admissions + b.Admissions,
        Ended = a.Ended + b.Ended,
        Failures = a.Failures + b.Failures,
        Throttled = a.Throttled + b.Throttled,
        Timeouts = a.Timeouts + b.Timeouts,
        Skipped = a.Skipped + b.Skipped,
        ClientErrors = a.ClientErrors + b.ClientErrors,
        Canceled = a.Canceled + b.Canceled,
        Rescued = a.Rescued + b.Rescued,
        UserErrors = a.UserErrors + b.UserErrors,
        InputTokens = a.InputTokens + b.InputTokens,
        OutputTokens = a.OutputTokens + b.OutputTokens,
        Cost = a.Cost + b.Cost,
    };
}
