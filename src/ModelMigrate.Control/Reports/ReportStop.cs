using System.Text.Json;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Reports;

/// <summary>A hard stop that a decision was made from, with what it measured.</summary>
internal sealed record ReportStop
{
    public required DateTimeOffset At { get; init; }

    public required string Name { get; init; }

    /// <summary>What was measured: a share, milliseconds, a score, or the difference or ratio to the source.</summary>
    public required double Value { get; init; }

    public required double Threshold { get; init; }

    public required double WindowSeconds { get; init; }

    /// <summary>Target requests, checked answers or scored pairs in the window.</summary>
    public required long Samples { get; init; }

    public required bool RelativeToSource { get; init; }

    /// <summary>Of the journal: entries whose decision names a hard stop that its evidence holds.</summary>
    public static IReadOnlyList<ReportStop> Of(IReadOnlyList<EventView> timeline)
    {
        var stops = new List<ReportStop>();
        foreach (var entry in timeline)
        {
            if (entry is not { Gate: { } name, Evidence: { ValueKind: JsonValueKind.Object } evidence }
                || !evidence.TryGetProperty("hard_stops", out var fired) || fired.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var stop in fired.EnumerateArray())
            {
                if (stop.TryGetProperty("name", out var known) && known.ValueEquals(name))
                {
                    stops.Add(new ReportStop
                    {
                        At = entry.At,
                        Name = name,
                        Value = Number(stop, "value"),
                        Threshold = Number(stop, "threshold"),
                        WindowSeconds = Number(stop, "window_seconds"),
                        Samples = (long)Number(stop, "target_requests"),
                        RelativeToSource = stop.TryGetProperty("relative_to_source", out var relative) && relative.ValueKind == JsonValueKind.True,
                    });
                }
            }
        }

        return stops;
    }

    private static double Number(JsonElement stop, string name) =>
        stop.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
