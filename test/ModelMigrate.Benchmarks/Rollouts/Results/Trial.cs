using System.Runtime.InteropServices;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>What one method did in one repetition.</summary>
/// <param name="RolledBackAt">Second of the rollback, or not a number.</param>
/// <param name="PromotedAt">Second of the promotion, or not a number.</param>
/// <param name="Exposed">Requests that had met the target at the rollback.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Trial(double RolledBackAt, double PromotedAt, int Exposed)
{
    public static Trial Undecided => new(double.NaN, double.NaN, 0);

    public bool IsRolledBack => !double.IsNaN(RolledBackAt);

    public bool IsPromoted => !double.IsNaN(PromotedAt);

    public static Trial RolledBack(double at, int exposed) => new(at, double.NaN, exposed);

    public static Trial Promoted(double at) => new(double.NaN, at, 0);
}
