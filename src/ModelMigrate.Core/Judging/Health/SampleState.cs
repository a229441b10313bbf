namespace ModelMigrate.Core.Judging.Health;

/// <summary>Distinct keys met under one weight by one incarnation: after a restart nobody knows which keys were met before.</summary>
public sealed record SampleState(int WeightPpm, long Revision, long Incarnation, long SourceKeys, long TargetKeys);
