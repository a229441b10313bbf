using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Configuration.Sections.Migrations;

/// <summary>Sets of hard stops by name, as migration plans and rollback managers of the field write them.</summary>
internal static class HardStopProfile
{
    /// <summary>Names and their latency and quality factors: a plan's triggers are tighter than a manager's.</summary>
    public static readonly (string Word, (double Latency, double Quality) Value)[] Known = [("plan", (1.5, 0.90)), ("manager", (2, 0.85))];

    /// <summary>
    /// Errors above 5 % (of the difference to the source, or absolute), the median latency and the quality against the source's. Latency and
    /// quality are always relative: the profiles say no milliseconds and no scores.
    /// </summary>
    public static IEnumerable<HardStopConfig> Rules(string name, (double Latency, double Quality) factors, bool relative, bool enabled, TimeSpan cooldown) =>
    [
        new() { Name = $"{name}-errors", Metric = HardStopMetric.ErrorRate, Threshold = 0.05, RelativeToSource = relative, Enabled = enabled, Cooldown = cooldown },
        new() { Name = $"{name}-latency", Metric = HardStopMetric.LatencyP50, Threshold = factors.Latency, Enabled = enabled, Cooldown = cooldown },
        new()
        {
            Name = $"{name}-quality", Metric = HardStopMetric.Quality, Threshold = factors.Quality, Enabled = enabled, Cooldown = cooldown,
            Window = HardStopSection.QualityWindow, MinimumSamples = HardStopSection.QualitySamples,
        },
    ];
}
