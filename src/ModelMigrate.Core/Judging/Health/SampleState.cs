namespace ModelMigrate.Core.Judging.Health;

/// <summary>Distinct keys met under one weight by one incarnation: after a restart nobody knows which keys were met before.</summary>
public sealed record SampleState(int WeightPpm, long Revision, long Incarnation, long SourceKeys, long TargetKeys)
{
    /// <summary>Whether the proportion was found off under this weight. Counting anew does not take a finding back; another weight does.</summary>
    public bool Found { get; init; }
}
