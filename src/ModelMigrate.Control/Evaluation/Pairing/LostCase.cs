using System.Runtime.InteropServices;

namespace ModelMigrate.Control.Evaluation.Pairing;

/// <summary>A row in which the target's score is worse than the source's.</summary>
/// <param name="Sample">The row's number.</param>
/// <param name="Loss">How much worse, above 0; as a share of the metric's range where it has one.</param>
/// <param name="Source">The source's score.</param>
/// <param name="Target">The target's score.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LostCase(long Sample, double Loss, double Source, double Target);
