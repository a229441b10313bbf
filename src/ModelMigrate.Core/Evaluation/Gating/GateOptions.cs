namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>What all gates of one comparison share.</summary>
public sealed record GateOptions
{
    /// <summary>One-sided chance of a false pass over all gates together, and of a false fail.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Of the two-sided intervals that are shown.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The chance of a decision that the required number of cases is for.</summary>
    public double Power { get; init; } = 0.8;

    /// <summary>The largest share of cases without a score in either arm: what is missing could hide as large a difference.</summary>
    public double MostMissing { get; init; } = 0.05;

    /// <summary>What bootstrap draws depend on; stored with the result.</summary>
    public uint Seed { get; init; } = 1;

    public int Rounds { get; init; } = 10_000;
}
