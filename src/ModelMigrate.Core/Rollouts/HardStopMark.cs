using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Rollouts;

/// <summary>When a hard stop fired last.</summary>
/// <param name="Name">The hard stop.</param>
/// <param name="At">When its decision was made.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HardStopMark(string Name, DateTimeOffset At);
