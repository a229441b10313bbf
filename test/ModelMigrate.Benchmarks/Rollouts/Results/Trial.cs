using System.Runtime.InteropServices;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>What one method did in one repetition.</summary>
/// <param name="RolledBackAt">Second of the rollback, or not a number.</param>
/// <param name="PromotedAt">Second of the promotion, or not a number.</param>
/// <param name="Exposed">Requests that had met the target at the rollback.</param>
/// <param name="ExposedInTime">Requests that met the target before the rollback and within the schedule's horizon.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Trial(double RolledBackAt, double PromotedAt, int Exposed, int ExposedInTime)
{
    public bool IsRolledBack => !double.IsNaN(RolledBackAt);

    public bool IsPromoted => !double.IsNaN(PromotedAt);

    public static Trial Undecided(int exposedInTime) => new(double.NaN, double.NaN, 0, exposedInTime);

    public static Trial RolledBack(double at, int exposed, int exposedInTime) => new(at, double.NaN, exposed, exposedInTime);

    public static Trial Promoted(double at, int exposedInTime) => new(double.NaN, at, 0, exposedInTime);
}
