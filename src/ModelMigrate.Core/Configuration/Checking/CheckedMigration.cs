using System.Globalization;
using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Plans;
using ModelMigrate.Core.Plans.Stopping;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Configuration.Checking;

/// <summary>One migration as the file declares it, and its forecast.</summary>
public sealed record CheckedMigration
{
    private const double AssumedRate = 1;

    public required string Id { get; init; }

    public required string Route { get; init; }

    public required string Source { get; init; }

    public required string Target { get; init; }

    /// <summary><c>manual</c> or <c>auto</c>.</summary>
    public required string Start { get; init; }

    /// <summary>What must hold, in words.</summary>
    public required IReadOnlyList<string> Gates { get; init; }

    public required ExposureForecast Forecast { get; init; }

    /// <summary>What its absolute hard stops would do to a healthy target; null when it has none.</summary>
    public HardStopForecast? HardStops { get; init; }

    internal static CheckedMigration Of(MigrationConfig migration, RolloutSpec spec, ModelSnapshot source, double? rate, double errorRate) => new()
    {
        Id = spec.Id.Value,
        Route = spec.Route.Value,
        Source = spec.Source.Value,
        Target = spec.Target.Value,
        Start = migration.Start == MigrationStart.Auto ? "auto" : "manual",
        Gates = [.. spec.Gates.Select(Words)],
        Forecast = ExposureForecast.Of(spec, rate, errorRate),
        HardStops = HardStopForecast.Of(spec, Assume(source, rate, errorRate)),
    };

    internal void Write(StringBuilder text, double? rate, double errorRate)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"Migration {Id}: route {Route} from {Source} to {Target}, {(Start == "auto" ? "starts by itself" : $"starts with: model-migrate migrations start {Id}")}.");
        foreach (var gate in Gates)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  gate {gate}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  Needed for a healthy target at {Quantity.Percent(errorRate)} errors{(rate is { } r ? $" and {r:0.###} requests/s" : "")} (half need fewer, half more):");
        foreach (var line in Forecast.Lines)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        }

        foreach (var warning in Forecast.Warnings)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  warning: {warning}");
        }

        foreach (var line in HardStops?.Lines ?? [])
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        }
    }

    /// <summary>What is not given is taken from the catalog, or assumed and said.</summary>
    private static Traffic Assume(ModelSnapshot source, double? rate, double errorRate)
    {
        var traffic = new Traffic
        {
            Rate = rate ?? AssumedRate,
            ErrorRate = errorRate,
            LatencyP50Ms = source.P50Ms,
            Label = rate is null ? "the rate is a guess, give --rate and --error-rate" : "by --rate and --error-rate",
        };
        return source is { P50Ms: { } median, P99Ms: { } slow } && slow > median && median > 0
            ? traffic with { LatencySigma = Traffic.SigmaOf(median, slow, 0.99) }
            : traffic;
    }

    private static string Words(GateSpec gate) => $"{gate.Name}: {Demand(gate)}{(gate.Required ? "" : " (watched, not required)")}";

    private static string Demand(GateSpec gate) => gate.Metric switch
    {
        Metric.ErrorRate => $"fails less than {gate.Margin * 100:0.####} pp more often than the source",
        Metric.ThrottlingRate => $"is throttled less than {gate.Margin * 100:0.####} pp more often than the source",
        Metric.CheckFailureRate => $"fails the check {gate.Check} less than {gate.Margin * 100:0.####} pp more often than the source",
        Metric.Cost => $"costs less than {gate.Margin:0.####} times as much a request as the source",
        Metric.Quality or Metric.Satisfaction => $"its mean {Name(gate.Metric)} is less than {gate.Margin:0.####} below the source's",
        Metric.Latency or Metric.FirstToken => $"{Name(gate.Metric)}: slower than the source with a probability below {(0.5 + gate.Margin) * 100:0.##} %",
        Metric.Preference => $"wins more than {(0.5 - gate.Margin) * 100:0.##} % of the pairs that are no tie",
        _ => $"exceeds the source's {Name(gate.Metric)} less than {gate.Margin:0.####} times as often",
    };

    private static string Name(Metric metric) => metric switch
    {
        Metric.ErrorRate => "error rate",
        Metric.LatencyP50 => "median latency",
        Metric.LatencyP90 => "90th percentile latency",
        Metric.FirstTokenP50 => "median time to first token",
        Metric.FirstTokenP90 => "90th percentile time to first token",
        Metric.LatencyP95 => "95th percentile latency",
        Metric.FirstTokenP95 => "95th percentile time to first token",
        Metric.ThrottlingRate => "throttling rate",
        Metric.CheckFailureRate => "check failure rate",
        Metric.Cost => "cost per request",
        Metric.Quality => "quality",
        Metric.Preference => "preference",
        Metric.Satisfaction => "satisfaction",
        Metric.Latency => "latency as a whole",
        Metric.FirstToken => "time to first token as a whole",
    };
}
