using System.Globalization;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Core.Plans.Stopping;

/// <summary>What the absolute hard stops of a migration cost: how often each would roll back a healthy target, and on what assumptions.</summary>
public sealed record HardStopForecast
{
    /// <summary>What every absolute hard stop does to the promise of the gates.</summary>
    public const string Uncovered =
        "An absolute hard stop is not a comparison: the bound on false rollbacks (alpha) no longer covers this migration. Write 'relativeTo: source' to compare with the source.";

    /// <summary>One for each absolute hard stop, in the order of the specification.</summary>
    public required IReadOnlyList<FalseRollback> Stops { get; init; }

    /// <summary>The rate, error rate, latency and length that were assumed, and where they are from.</summary>
    public required string Assumed { get; init; }

    /// <summary>All of it as sentences.</summary>
    [JsonIgnore]
    public IEnumerable<string> Lines =>
        [.. Stops.Select(stop => $"hard stop {stop.Text}"), .. Stops.Any(stop => stop.Probability is not null) ? [$"assumed: {Assumed}."] : Array.Empty<string>(), Uncovered];

    /// <summary>What is said where nothing is known of the traffic yet; null without absolute hard stops.</summary>
    public static HardStopForecast? Unknown(RolloutSpec spec, string why) => spec.HardStops.All(stop => stop.RelativeToSource) ? null : new()
    {
        Stops = [.. spec.HardStops.Where(stop => !stop.RelativeToSource).Select(stop => FalseRollback.Unknown(stop, why))],
        Assumed = "nothing",
    };

    /// <summary>Simulates the absolute hard stops of a specification; null when it has none.</summary>
    /// <param name="spec">What is to run, or runs.</param>
    /// <param name="traffic">What the route's traffic is like.</param>
    public static HardStopForecast? Of(RolloutSpec spec, Traffic traffic)
    {
        var absolute = spec.HardStops.Where(stop => !stop.RelativeToSource).ToList();
        if (absolute.Count == 0)
        {
            return null;
        }

        var segments = Segments(spec, traffic);
        return new()
        {
            Stops = [.. absolute.Select(stop =>
            {
                if (StopRule.Of(stop, traffic) is not { } rule)
                {
                    return FalseRollback.Unknown(stop, stop.Metric is HardStopMetric.Quality or HardStopMetric.CheckFailureRate
                        ? "cannot be simulated: nobody knows yet how the source's answers are scored or checked."
                        : "cannot be simulated without the source's latency; give its median and 95th percentile.");
                }

                var simulation = new StopSimulation(rule, segments, traffic.Rate);
                return FalseRollback.Of(stop, simulation.Run(spec.Seed), simulation.Repetitions);
            })],
            Assumed = string.Create(
                CultureInfo.InvariantCulture,
                $"{traffic.RateText}, {traffic.ErrorRate * 100:0.##} % errors{Latency(traffic)}, {ExposureForecast.Text(segments.Sum(segment => segment.Seconds))} with the watch; {traffic.Label}"),
        };
    }

    /// <summary>A step lasts as long as a healthy target is expected to need, then comes the watch.</summary>
    internal static IReadOnlyList<StopSegment> Segments(RolloutSpec spec, Traffic traffic)
    {
        var forecast = ExposureForecast.Of(spec, traffic, traffic.Rate);
        var segments = new List<StopSegment>();
        for (var i = 0; i < spec.Steps.Count && i < forecast.Steps.Count; i++)
        {
            // A step whose gates never pass ends in the pause.
            var patience = spec.Steps[i].Hold + spec.MaxHold;
            var needed = forecast.Steps[i].Duration ?? patience;
            segments.Add(new(spec.Steps[i].WeightPpm / 1e6, Math.Min(needed.TotalSeconds, patience.TotalSeconds)));
        }

        if (forecast.Requests is not null)
        {
            segments.Add(new(1 - (spec.HoldBackPpm / 1e6), spec.Watch.TotalSeconds));
        }

        return segments;
    }

    private static string Latency(Traffic traffic) => traffic.LatencyP50Ms is { } median
        ? string.Create(CultureInfo.InvariantCulture, $", median latency {median:0} ms, p95 {median * Math.Exp(traffic.LatencySigma * Traffic.Exceeded(0.05)):0} ms")
        : "";
}
