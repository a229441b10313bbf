using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Plans.Stopping;

/// <summary>A stretch of a migration with one weight.</summary>
/// <param name="Weight">The target's share, 0 to 1.</param>
/// <param name="Seconds">How long it lasts.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StopSegment(double Weight, double Seconds);
