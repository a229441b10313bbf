namespace ModelMigrate.Core.Observing;

/// <summary>A request as it meets its arm: counts as exposure at once.</summary>
/// <param name="Ticket">Unique in this process incarnation; joins the later <see cref="Observation"/>.</param>
/// <param name="Migration">Whose split assigned the arm.</param>
/// <param name="Attempt">That migration's attempt.</param>
/// <param name="Revision">The snapshot that the request carries.</param>
/// <param name="WeightPpm">The target's share in that snapshot.</param>
/// <param name="Arm">The arm assigned.</param>
/// <param name="Key">64-bit hash of the sticky key.</param>
/// <param name="At">Admission time; its whole second is the slice.</param>
public readonly record struct Admission(
    long Ticket, MigrationId Migration, int Attempt, long Revision, int WeightPpm, Arm Arm, ulong Key, DateTimeOffset At);
