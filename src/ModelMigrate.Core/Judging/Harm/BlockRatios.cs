using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>What a block's events say of each ratio, given the target's share of the exposures.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockRatios(double Share, double R0, long TargetEvents, long SourceEvents)
{
    /// <summary>Writes the ratios; answers their common shift (<see cref="Wealth.Ratios"/>).</summary>
    public double All(Span<double> ratios) => Wealth.Ratios(Share, R0, TargetEvents, SourceEvents, ratios);

    /// <summary>The same with some of the target's events taken for successes, which can only lower them.</summary>
    public double Without(long targetEvents, Span<double> ratios) =>
        Wealth.Ratios(Share, R0, Math.Max(0, TargetEvents - targetEvents), SourceEvents, ratios);
}
