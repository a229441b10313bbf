namespace ModelMigrate.Core.Catalog;

/// <summary>When a provider's models are spared after failing, each for itself, and how they are tried again.</summary>
public sealed record BreakerLimits
{
    public static BreakerLimits Default { get; } = new();

    public bool Enabled { get; init; } = true;

    /// <summary>Failed calls in a row that open it. Default 5.</summary>
    public int Failures { get; init; } = 5;

    /// <summary>How long it stays open the first time; doubled after each probe that fails. Default 5 s.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that it stays open. Default 20 s.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Calls at once that try the model again. Default 1.</summary>
    public int Probes { get; init; } = 1;
}
