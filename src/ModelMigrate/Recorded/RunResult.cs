namespace ModelMigrate.Recorded;

/// <summary>The line that <c>judge</c> writes for a run.</summary>
internal sealed record RunResult
{
    public string Run { get; init; } = "";

    public required RunVerdict Verdict { get; init; }

    /// <summary>Seconds on the file's clock: of the decision, else of the last look.</summary>
    public required double At { get; init; }

    /// <summary>The gate that rolled back, or the first that keeps a run undecided; null for a promotion, which takes all of them.</summary>
    public string? Gate { get; init; }

    /// <summary>Requests that had met the target by then.</summary>
    public required long TargetRequests { get; init; }

    /// <summary>Of those, the ones known to have failed by then.</summary>
    public required long TargetBad { get; init; }

    public required long SourceRequests { get; init; }

    public required long SourceBad { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Everything that was decided from.</summary>
    public required RunEvidence Evidence { get; init; }
}
