namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>How a run goes about its work; none of it changes what comes out.</summary>
public sealed record RunOptions
{
    /// <summary>Calls of each model under way at once, at most.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Times that a call is tried again for each kind of failure.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>For one try.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>US dollars that all runs of this evaluation in this folder may cost together; null for no limit.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Whether an answer that is kept from an earlier evaluation is taken.</summary>
    public bool UsesCache { get; init; } = true;

    /// <summary>Whether rows whose last answer was an error are asked again.</summary>
    public bool RetriesErrors { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>What the jitter of waits depends on.</summary>
    public ulong Seed { get; init; } = 1;
}
