using System.Runtime.InteropServices;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>How one simulated migration ended.</summary>
/// <param name="Phase">Where it stood: rolled back, watching (promoted), paused (undecided), or running when its time was over.</param>
/// <param name="Seconds">After that long.</param>
/// <param name="Requests">Requests of the route until then.</param>
/// <param name="Exposed">Of those, requests that met the target before it was proven.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SimulatedOutcome(RolloutPhase Phase, double Seconds, long Requests, long Exposed)
{
    public bool IsPromoted => Phase is RolloutPhase.Promoting or RolloutPhase.Watching or RolloutPhase.Completed;

    public bool IsRolledBack => Phase is RolloutPhase.RollingBack or RolloutPhase.RolledBack;
}
