using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Judging.Health;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads a migration's <c>hardStops</c>.</summary>
internal static class HardStopSection
{
    private static readonly (string Word, HardStopMetric Value)[] s_metrics =
    [
        ("errorRate", HardStopMetric.ErrorRate),
        ("latencyP50", HardStopMetric.LatencyP50),
        ("latencyP99", HardStopMetric.LatencyP99),
    ];

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

            var stop = ReadStop(reader);
            reader.Finish();
            if (stops.Exists(other => string.Equals(other.Name, stop.Name, StringComparison.Ordinal)))
            {
                migration.Problems.Error(
                    node, path, "duplicate-name", $"{path}: another hard stop is already named '{MapReader.Shown(stop.Name)}'.", "Give each its own 'name'.");
            }

            stops.Add(stop);
        }

        return stops;
    }

    private static HardStopConfig ReadStop(MapReader stop)
    {
        var metric = stop.Choice("metric", s_metrics);
        stop.Missing("metric", $"Write 'metric:' and one of {string.Join(", ", s_metrics.Select(known => known.Word))}.");
        var relative = stop.Choice("relativeTo", ("source", true), ("absolute", false)) ?? true;
        var threshold = metric switch
        {
            null => Ignore(stop),
            HardStopMetric.ErrorRate => stop.Points("threshold", 0.0001, 1),
            _ when relative => stop.Number("threshold", 1.01, 100),
            _ => stop.Duration("threshold", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1))?.TotalMilliseconds,
        };
        stop.Missing("threshold", "Write 5% for errors, 2 for a latency relative to the source, 5s for an absolute one.");
        return new HardStopConfig
        {
            Name = stop.Text("name") ?? s_metrics.FirstOrDefault(known => known.Value == metric).Word ?? "",
            Metric = metric ?? default,
            Threshold = threshold ?? 0,
            Window = stop.Duration("window", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? TimeSpan.FromSeconds(300),
            MinimumSamples = stop.Count("minimumSamples", 1, 1_000_000) ?? 100,
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
