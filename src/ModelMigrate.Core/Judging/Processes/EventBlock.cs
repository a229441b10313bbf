using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Processes;

/// <summary>What one gate sees of a block: exposures and events of both arms.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventBlock(long SourceExposures, long SourceEvents, long TargetExposures, long TargetEvents)
{
    /// <summary>Without exposure in both arms a block compares nothing.</summary>
    public bool Compares => SourceExposures > 0 && TargetExposures > 0;

    /// <summary>A block without an event moves no evidence.</summary>
    public bool HasEvents => (SourceEvents | TargetEvents) != 0;

    /// <summary>The target's realised share of the exposures.</summary>
    public double Share => TargetExposures / (double)(TargetExposures + SourceExposures);
}
