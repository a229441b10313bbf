using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;

namespace ModelMigrate.Core.Configuration.Sections;

/// <summary>Reads a migration's <c>gates</c>.</summary>
internal static class GateSection
{
    private const double MaxPoints = 0.2;
    private const double MaxRatio = 10;

    private static readonly (string Word, Metric Value)[] s_metrics =
    [
        ("errorRate", Metric.ErrorRate),
        ("latencyP50", Metric.LatencyP50),
        ("latencyP90", Metric.LatencyP90),
        ("firstTokenP50", Metric.FirstTokenP50),
        ("firstTokenP90", Metric.FirstTokenP90),
    ];

    /// <summary>At least one required gate; the default ones when the key is absent.</summary>
    public static IReadOnlyList<GateConfig> Read(MapReader migration)
    {
        if (migration.Items("gates") is not { } items)
        {
            return [.. GateDefaults.Chat.Select(Default)];
        }

        var gates = new List<GateConfig>();
        var refused = false;
        foreach (var (node, path) in items)
        {
            if (node is not YamlMapping || migration.Of(node, node, path) is not { } reader)
            {
                migration.Problems.Error(node, path, "wrong-type", $"{path} must be a group of keys, not {node.Kind}.", "Write for example {metric: errorRate, margin: 1pp}.");
                refused = true;
                continue;
            }

            var gate = ReadGate(reader);
            reader.Finish();
            refused |= gate is null;
            if (gate is null)
            {
                continue;
            }

            if (gates.Exists(other => string.Equals(other.Name, gate.Name, StringComparison.Ordinal) || other.Metric == gate.Metric))
            {
                migration.Problems.Error(
                    node, path, "duplicate-gate", $"{path} repeats the name or the metric of an earlier gate.", "Keep one gate for each metric, each with its own name.");
            }

            gates.Add(gate);
        }

        if (!refused && !gates.Exists(gate => gate.Required) && migration.Node("gates") is YamlSequence)
        {
            migration.Problems.Error(
                migration.At("gates"), migration.PathOf("gates"), "no-required-gate", $"{migration.PathOf("gates")} has no required gate, so the target would be promoted unseen.",
                "Add for example {metric: errorRate, margin: 1pp}, or leave the key out.");
        }

        return gates;
    }

    private static GateConfig? ReadGate(MapReader gate)
    {
        var metric = gate.Choice("metric", s_metrics);
        gate.Missing("metric", $"Write 'metric:' and one of {string.Join(", ", s_metrics.Select(known => known.Word))}.");
        var isErrors = metric is null or Metric.ErrorRate;
        var margin = metric is null ? IgnoreMargin(gate) : isErrors ? gate.Points("margin", 0.0001, MaxPoints) : gate.Number("margin", 1.01, MaxRatio);
        var fallback = GateDefaults.Chat.FirstOrDefault(known => known.Metric == metric);
        var config = new GateConfig
        {
            Name = gate.Text("name") ?? fallback?.Name ?? s_metrics.FirstOrDefault(known => known.Value == metric).Word,
            Metric = metric ?? default,
            Margin = margin ?? fallback?.Margin ?? 1.5,
            Tolerance = gate.Number("tolerance", 1, MaxRatio) ?? fallback?.Tolerance ?? 1,
            AlphaShare = gate.Number("alphaShare", 0.001, 1000) ?? fallback?.AlphaShare ?? 1,
            Required = gate.Flag("required") ?? true,
        };
        return metric is null ? null : config;
    }

    private static GateConfig Default(GateSpec gate) => new()
    {
        Name = gate.Name,
        Metric = gate.Metric,
        Margin = gate.Margin,
        Tolerance = gate.Tolerance,
        AlphaShare = gate.AlphaShare,
        Required = gate.Required,
    };

    // What a margin means depends on the metric; without one it is only known as a key.
    private static double? IgnoreMargin(MapReader gate)
    {
        gate.Node("margin");
        return null;
    }
}
