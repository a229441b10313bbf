using ModelMigrate.Control.Rollouts;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Plans;
using ModelMigrate.Core.Plans.Stopping;

namespace ModelMigrate.Control.Measuring;

/// <summary>
/// The false-rollback rate of each migration's absolute hard stops at what was measured of its source. Simulated when somebody asks, and
/// kept until the attempt is another or the figures are old. Thread-safe; owns what it keeps.
/// </summary>
internal sealed class HardStopFigures(Journal journal)
{
    /// <summary>Source requests below which nothing is said.</summary>
    private const int Fewest = 100;

    private const string TooFew = "no figure yet: it needs 100 requests on the source.";

    private static readonly TimeSpan s_keep = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <summary>Null when the migration has no absolute hard stop.</summary>
    public HardStopForecast? Of(RolloutReading item, DateTimeOffset now)
    {
        if (item.Spec.HardStops.All(stop => stop.RelativeToSource))
        {
            return null;
        }

        lock (_gate)
        {
            var key = item.Spec.Id.Value;
            if (_kept.GetValueOrDefault(key) is { } kept && kept.Attempt == item.State.Attempt && kept.SpecHash == item.SpecHash && now - kept.At < s_keep && kept.IsMeasured)
            {
                return kept.Forecast;
            }

            var measured = item.Evidence?.Source.Admissions >= Fewest
                ? Measured(TrafficMeasure.Of(journal, item.Spec.Route.Value, [key], item.State.Attempt, DateTimeOffset.UnixEpoch))
                : null;
            var forecast = measured is null ? HardStopForecast.Unknown(item.Spec, TooFew) : HardStopForecast.Of(item.Spec, measured);
            _kept[key] = new Kept(item.State.Attempt, item.SpecHash, now, measured is not null, forecast);
            return forecast;
        }
    }

    private static Traffic? Measured(TrafficView view) => view is { Rate: { } rate, ErrorRate: { } errorRate, SourceRequests: >= Fewest }
        ? new Traffic
        {
            Rate = rate,
            ErrorRate = errorRate,
            LatencyP50Ms = view.P50Ms,
            LatencySigma = view.LatencySigma ?? Traffic.UsualSigma,
            Label = $"measured over {ExposureForecast.Text(view.Seconds)} and {view.SourceRequests} source requests of this attempt",
        }
        : null;

    private sealed record Kept(int Attempt, string SpecHash, DateTimeOffset At, bool IsMeasured, HardStopForecast? Forecast);
}
