using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Configuration.Sections.Routes;
using ModelMigrate.Core.Configuration.Yaml;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Configuration.Sections.Migrations;

/// <summary>Reads a migration's <c>gates</c> and the <c>type</c> that picks them when there are none.</summary>
internal static class GateSection
{
    private const double MaxPoints = 0.2;
    private const double MaxRatio = 10;
    private const double MaxScore = 0.4;

    private static readonly (string Word, Metric Value)[] s_metrics =
    [
        ("errorRate", Metric.ErrorRate),
        ("throttlingRate", Metric.ThrottlingRate),
        ("checkFailureRate", Metric.CheckFailureRate),
        ("latency", Metric.Latency),
        ("firstToken", Metric.FirstToken),
        ("latencyP50", Metric.LatencyP50),
        ("latencyP90", Metric.LatencyP90),
        ("latencyP95", Metric.LatencyP95),
        ("firstTokenP50", Metric.FirstTokenP50),
        ("firstTokenP90", Metric.FirstTokenP90),
        ("firstTokenP95", Metric.FirstTokenP95),
        ("cost", Metric.Cost),
        ("quality", Metric.Quality),
        ("preference", Metric.Preference),
        ("satisfaction", Metric.Satisfaction),
    ];

    private static readonly (string Word, MigrationType Value)[] s_types =
    [
        .. Enum.GetValues<MigrationType>().Select(static type => (char.ToLowerInvariant(type.ToString()[0]) + type.ToString()[1..], type)),
    ];

    /// <summary>At least one required gate; those of the migration's type when the key is absent.</summary>
    /// <param name="migration">The migration that they are gates of.</param>
    /// <param name="checks">The checks that its route makes; null when a recording brings whatever it brings.</param>
    public static IReadOnlyList<GateConfig> Read(MapReader migration, IReadOnlyList<string>? checks)
    {
        var type = migration.Choice("type", s_types) ?? MigrationType.Chat;
        if (migration.Items("gates") is not { } items)
        {
            return [.. GateDefaults.For(type).Select(Default)];
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

            if (gates.Exists(other => string.Equals(other.Name, gate.Name, StringComparison.Ordinal)
                || (other.Metric == gate.Metric && other.Unit == gate.Unit && string.Equals(other.Check, gate.Check, StringComparison.Ordinal))))
            {
                migration.Problems.Error(
                    node, path, "duplicate-gate", $"{path} repeats the name or the metric of an earlier gate.", "Keep one gate for each metric, each with its own name.");
            }

            if (checks is not null)
            {
                WarnUnmeasured(migration, node, path, gate, checks);
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

    /// <summary>The file's word for a metric.</summary>
    public static string WordOf(Metric metric) => s_metrics.First(known => known.Value == metric).Word;

    private static GateConfig? ReadGate(MapReader gate)
    {
        var metric = gate.Choice("metric", s_metrics);
        gate.Missing("metric", $"Write 'metric:' and one of {string.Join(", ", s_metrics.Select(known => known.Word))}.");
        var check = Check(gate, metric);
        var unit = Unit(gate, metric);
        var fallback = GateDefaults.Of(metric ?? Metric.ErrorRate, check);
        var config = new GateConfig
        {
            Name = gate.Text("name") ?? fallback.Name + (unit == GateUnit.Key ? "_by_key" : ""),
            Metric = metric ?? default,
            Check = check,
            Unit = unit,
            Margin = Margin(gate, metric) ?? fallback.Margin,
            Tolerance = Tolerance(gate, metric) ?? fallback.Tolerance,
            AlphaShare = gate.Number("alphaShare", 0.001, 1000) ?? fallback.AlphaShare,
            Required = gate.Flag("required") ?? true,
            NoData = gate.Choice("noData", ("hold", NoDataPolicy.Hold), ("rollback", NoDataPolicy.Rollback), ("ignore", NoDataPolicy.Ignore)) ?? default,
            NoDataAfter = gate.Duration("noDataAfter", TimeSpan.FromSeconds(10), TimeSpan.FromDays(7)),
            OnRegression = gate.Choice(
                "onRegression", ("rollback", RegressionPolicy.Rollback), ("freeze", RegressionPolicy.Freeze), ("alert", RegressionPolicy.Alert)),
        };
        return metric is null ? null : config;
    }

    // What a margin means depends on the metric; without one it is only known as a key.
    private static double? Margin(MapReader gate, Metric? metric) => metric switch
    {
        null => Ignore(gate, "margin"),
        { } known when MetricTraits.UnitOf(known) == EffectUnit.Score => gate.Number("margin", 0.001, MaxScore),
        { } known when MetricTraits.IsRate(known) => gate.Points("margin", 0.0001, MaxPoints),
        _ => gate.Number("margin", 1.01, MaxRatio),
    };

    private static double? Tolerance(MapReader gate, Metric? metric) =>
        metric is { } known && MetricTraits.UnitOf(known) == EffectUnit.Score ? gate.Number("tolerance", 0, MaxScore) : gate.Number("tolerance", 1, MaxRatio);

    private static double? Ignore(MapReader gate, string key)
    {
        gate.Node(key);
        return null;
    }

    private static string? Check(MapReader gate, Metric? metric)
    {
        var check = gate.Text("check");
        if (metric == Metric.CheckFailureRate)
        {
            gate.Missing("check", $"Write 'check:' and the check's name, for example {Signal.Refusal}.");
            if (check is not null && !CheckSection.IsName(check))
            {
                gate.Problems.Error(
                    gate.At("check"), gate.PathOf("check"), "bad-check", $"{gate.PathOf("check")}: '{MapReader.Shown(check)}' is not a check's name.",
                    "Write lower-case letters, digits, dashes or underscores, for example json.");
            }

            return check;
        }

        if (check is not null && metric is not null)
        {
            gate.Problems.Error(
                gate.At("check"), gate.PathOf("check"), "check-without-rate", $"{gate.PathOf("check")}: only checkFailureRate has a check.",
                "Write 'metric: checkFailureRate', or remove 'check'.");
        }

        return null;
    }

    private static GateUnit Unit(MapReader gate, Metric? metric)
    {
        var unit = gate.Choice("unit", ("request", GateUnit.Request), ("key", GateUnit.Key)) ?? default;
        if (unit == GateUnit.Key && metric is { } known && !MetricTraits.CountsKeys(known))
        {
            gate.Problems.Error(
                gate.At("unit"), gate.PathOf("unit"), "unit-without-events", $"{gate.PathOf("unit")}: {WordOf(known)} cannot be counted by keys, only errorRate, throttlingRate and checkFailureRate can.",
                "Write 'unit: request', or remove 'unit'.");
        }

        return unit;
    }

    private static void WarnUnmeasured(MapReader migration, YamlNode node, string path, GateConfig gate, IReadOnlyList<string> checks)
    {
        var isUnchecked = gate.Metric == Metric.CheckFailureRate && gate.Check != Signal.Refusal && !checks.Contains(gate.Check, StringComparer.Ordinal);
        var what = gate.Metric is Metric.Quality or Metric.Satisfaction or Metric.Preference ? $"nothing measures {WordOf(gate.Metric)} on live traffic yet"
            : isUnchecked && gate.Check is { } check ? $"the route has no check '{MapReader.Shown(check)}'"
            : null;
        if (what is null)
        {
            return;
        }

        var then = gate switch
        {
            { NoData: NoDataPolicy.Rollback } => "it would roll the migration back for want of data",
            { NoData: NoDataPolicy.Hold, Required: true } => "it would hold the migration for want of data",
            _ => "it decides nothing",
        };
        List<string> remedies = isUnchecked ? ["add the check to the route", "leave the gate out"] : ["leave the gate out until something does"];
        if (gate is not ({ NoData: NoDataPolicy.Ignore } or { NoData: NoDataPolicy.Hold, Required: false }))
        {
            remedies.Add("write 'noData: ignore'");
        }

        var remedy = string.Join(", or ", remedies);
        migration.Problems.Warning(node, path, "unmeasured-gate", $"{path}: {what}, so {then}.", $"{char.ToUpperInvariant(remedy[0])}{remedy[1..]}.");
    }

    private static GateConfig Default(GateSpec gate) => new()
    {
        Name = gate.Name,
        Metric = gate.Metric,
        Check = gate.Check,
        Margin = gate.Margin,
        Tolerance = gate.Tolerance,
        AlphaShare = gate.AlphaShare,
        Required = gate.Required,
    };
}
