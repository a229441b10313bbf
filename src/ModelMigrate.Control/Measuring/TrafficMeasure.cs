using System.Text.Json;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Plans;

namespace ModelMigrate.Control.Measuring;

/// <summary>Measures a route's traffic from the blocks that its migrations left in the journal. A bounded sample, so that it takes no longer after a month.</summary>
internal static class TrafficMeasure
{
    private const int MostBlocks = 4000;

    /// <param name="journal">Where the blocks are.</param>
    /// <param name="route">The route, for the answer.</param>
    /// <param name="migrations">Whose blocks to read.</param>
    /// <param name="attempt">Of this attempt only, or null for all.</param>
    /// <param name="since">Older traffic is left out.</param>
    public static TrafficView Of(Journal journal, string route, IReadOnlyList<string> migrations, int? attempt, DateTimeOffset since)
    {
        var oldest = since.ToUnixTimeSeconds();
        var spans = new Dictionary<(string, long, long), (long First, long Last)>();
        var (source, target) = (default(ArmCounts), default(ArmCounts));
        var latency = LatencyHistogram.Empty;
        var every = 1L;
        foreach (var stored in migrations.Count == 0 ? [] : journal.SampleBlocks(migrations, attempt, MostBlocks))
        {
            var block = JsonSerializer.Deserialize(stored.Json, IntakeJson.Stored.Block)!;
            if (block.Key.FirstSlice < oldest)
            {
                continue;
            }

            every = stored.Every;
            source += block.Source;
            target += block.Target;
            latency = latency.Add(block.SourceLatency);
            var key = (stored.Migration, stored.Attempt, stored.Incarnation);
            var (first, last) = spans.GetValueOrDefault(key, (block.Key.FirstSlice, block.Key.LastSlice));
            spans[key] = (Math.Min(first, block.Key.FirstSlice), Math.Max(last, block.Key.LastSlice));
        }

        var seconds = spans.Values.Sum(span => span.Last - span.First + 1);
        var requests = (source.Admissions + target.Admissions) * every;
        var (p50, p95) = (latency.Quantile(0.5)?.TotalMilliseconds, latency.Quantile(0.95)?.TotalMilliseconds);
        return new()
        {
            Route = route,
            Migrations = [.. spans.Keys.Select(key => key.Item1).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            From = spans.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(spans.Values.Min(span => span.First)),
            To = spans.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(spans.Values.Max(span => span.Last)),
            Seconds = seconds,
            Requests = requests,
            Rate = requests == 0 ? null : requests / (double)seconds,
            SourceRequests = source.Exposures * every,
            ErrorRate = source.Exposures == 0 ? null : source.Failures / (double)source.Exposures,
            P50Ms = p50,
            P95Ms = p95,
            LatencySigma = p50 is > 0 && p95 > p50 ? Traffic.SigmaOf(p50.Value, p95.Value) : null,
        };
    }
}
