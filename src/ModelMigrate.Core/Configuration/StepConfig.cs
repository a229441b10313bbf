namespace ModelMigrate.Core.Configuration;

/// <summary>One step of a migration.</summary>
public sealed record StepConfig
{
    /// <summary>The target's share in parts per million, above 0 and under 1,000,000.</summary>
    public required int WeightPpm { get; init; }

    public TimeSpan Hold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The gates' margins on this step are this multiple of the final ones.</summary>
    public double MarginFactor { get; init; } = 1;

    /// <summary>Whether a person must approve before the migration leaves this step.</summary>
    public bool Approval { get; init; }
}
