namespace ModelMigrate.Core.Judging.Health;

/// <summary>The newest block folded of one replica: what makes every block count once.</summary>
public sealed record ReplicaMark(string Replica, long Incarnation, long Sequence, long LastSlice);
