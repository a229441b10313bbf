using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Configuration.Sections.Migrations;

/// <summary>Reads a migration's <c>hardStops</c>.</summary>
internal static class HardStopSection
{
    /// <summary>Scores come more slowly than requests.</summary>
    public const int QualitySamples = 500;

    private static readonly (string Word, HardStopMetric Value)[] s_metrics =
    [
        ("errorRate", HardStopMetric.ErrorRate),
        ("latencyP50", HardStopMetric.LatencyP50),
        ("latencyP95", HardStopMetric.LatencyP95),
        ("latencyP99", HardStopMetric.LatencyP99),
        ("quality", HardStopMetric.Quality),
        ("checkFailureRate", HardStopMetric.CheckFailureRate),
    ];

    /// <summary>The window of a quality rule that names none.</summary>
    public static TimeSpan QualityWindow => TimeSpan.FromSeconds(3600);

    public static IReadOnlyList<HardStopConfig> Read(MapReader migration)
    {
        var stops = new List<HardStopConfig>();
        foreach (var (node, path) in migration.Items("hardStops") ?? [])
        {
            if (node is not YamlMapping || migration.Of(node, node, path) is not { } reader)
            {
                migration.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write for example {metric: errorRate, threshold: 5%}.");
                continue;
            }

            var read = ReadStops(reader).ToList();
            reader.Finish();
            foreach (var stop in read)
            {
                if (stops.Exists(other => string.Equals(other.Name, stop.Name, StringComparison.Ordinal)))
                {
                    migration.Problems.Error(
                        node, path, "duplicate-name", $"{path}: another hard stop is already named '{MapReader.Shown(stop.Name)}'.", "Give each its own 'name'.");
                }

                stops.Add(stop);
            }
        }

        return stops;
    }

    private static IEnumerable<HardStopConfig> ReadStops(MapReader stop)
    {
        var relative = stop.Choice("relativeTo", ("source", true), ("absolute", false)) ?? true;
        var enabled = stop.Flag("enabled") ?? true;
        var cooldown = stop.Duration("cooldown", TimeSpan.Zero, TimeSpan.FromDays(7)) ?? TimeSpan.FromSeconds(600);
        if (stop.Has("profile"))
        {
            return stop.Choice("profile", HardStopProfile.Known) is { } factors
                ? HardStopProfile.Rules(stop.Text("profile")!, factors, relative, enabled, cooldown)
                : [];
        }

        return [ReadStop(stop, relative) with { Enabled = enabled, Cooldown = cooldown }];
    }

    private static HardStopConfig ReadStop(MapReader stop, bool relative)
    {
        var metric = stop.Choice("metric", s_metrics);
        stop.Missing("metric", $"Write 'metric:' and one of {string.Join(", ", s_metrics.Select(known => known.Word))}.");
        var check = metric == HardStopMetric.CheckFailureRate ? stop.Text("check") : null;
        if (metric == HardStopMetric.CheckFailureRate)
        {
            stop.Missing("check", "Write the name of one check, for example json.");
        }

        var threshold = metric switch
        {
            null => Ignore(stop),
            HardStopMetric.ErrorRate or HardStopMetric.CheckFailureRate => stop.Points("threshold", 0.0001, 1),
            HardStopMetric.Quality => stop.Number("threshold", 0.01, 1),
            _ when relative => stop.Number("threshold", 1.01, 100),
            _ => stop.Duration("threshold", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1))?.TotalMilliseconds,
        };
        stop.Missing("threshold", "Write 5% for errors or checks, 2 for a latency relative to the source, 5s for an absolute one, 0.85 for quality.");
        var isQuality = metric == HardStopMetric.Quality;
        return new HardStopConfig
        {
            Name = stop.Text("name") ?? (check is null ? "" : $"{check} ") + s_metrics.FirstOrDefault(known => known.Value == metric && metric is not null).Word,
            Metric = metric ?? default,
            Check = check,
            Threshold = threshold ?? 0,
            Window = stop.Duration("window", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? (isQuality ? QualityWindow : TimeSpan.FromSeconds(300)),
            MinimumSamples = stop.Count("minimumSamples", 1, 1_000_000) ?? (isQuality ? QualitySamples : 100),
            RelativeToSource = relative,
        };
    }

    // What a threshold means depends on the metric; without one it is only known as a key.
    private static double? Ignore(MapReader stop)
    {
        stop.Node("threshold");
        return null;
    }
}
