namespace ModelMigrate.Core.Judging.Health;

/// <summary>Whether keys reach the arms in the proportion of the weight: sequential Dirichlet-multinomial test on distinct keys.</summary>
/// <param name="WeightPpm">The weight that the keys were met under.</param>
/// <param name="SourceKeys">Distinct keys that went to the source.</param>
/// <param name="TargetKeys">Distinct keys that went to the target.</param>
/// <param name="Log10">Evidence that the proportion is off.</param>
/// <param name="NeededLog10">Mismatch at or above this.</param>
public sealed record SampleRatioEvidence(int WeightPpm, long SourceKeys, long TargetKeys, double Log10, double NeededLog10)
{
    /// <summary>Found off earlier under this weight, perhaps before a restart.</summary>
    public bool Found { get; init; }

    public bool Mismatch => Found || Log10 >= NeededLog10;
}
