using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Simulation.Faults;

/// <summary>One field of <see cref="FaultSchedule"/> as it is written in JSON and, with dashes, as an option of the command line.</summary>
internal sealed record FaultField(
    string Name, string Expects, Func<FaultSchedule, string, FaultSchedule?> Apply, Func<FaultSchedule, object> Read)
{
    private const string RateText = "a share between 0 and 1, or a percentage such as \"0.5%\"";
    private const string TimeText = "a time such as \"200ms\" or \"1.5s\"";

    public static IReadOnlyList<FaultField> All { get; } =
    [
        Time("latency_median", (s, v) => s with { LatencyMedian = v }, s => s.LatencyMedian),
        Number("latency_sigma", 0, 5, (s, v) => s with { LatencySigma = v }, s => s.LatencySigma),
        Number("slow_factor", 0, 1000, (s, v) => s with { SlowFactor = v }, s => s.SlowFactor),
        Number("tokens_per_second", 0, 1_000_000, (s, v) => s with { TokensPerSecond = v }, s => s.TokensPerSecond),
        Rate("error_rate", (s, v) => s with { ErrorRate = v }, s => s.ErrorRate),
        Rate("throttle_rate", (s, v) => s with { ThrottleRate = v }, s => s.ThrottleRate),
        Time("retry_after", (s, v) => s with { RetryAfter = v }, s => s.RetryAfter),
        Rate("malformed_rate", (s, v) => s with { MalformedRate = v }, s => s.MalformedRate),
        Rate("hang_rate", (s, v) => s with { HangRate = v }, s => s.HangRate),
        Rate("cut_rate", (s, v) => s with { CutRate = v }, s => s.CutRate),
        Flag("down", (s, v) => s with { Down = v }, s => s.Down),
        Flag("down_aborts", (s, v) => s with { DownAborts = v }, s => s.DownAborts),
    ];

    public static FrozenDictionary<string, FaultField> ByName { get; } = All.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Applies a partial update such as <c>{"error_rate": "30%"}</c>, or answers everything that is wrong with it.</summary>
    public static FaultSchedule? TryUpdate(FaultSchedule schedule, JsonElement update, List<string> problems)
    {
        if (update.ValueKind != JsonValueKind.Object)
        {
            problems.Add("the body must be a JSON object such as {\"error_rate\": 0.3}");
            return null;
        }

        foreach (var property in update.EnumerateObject())
        {
            if (!ByName.TryGetValue(property.Name, out var field))
            {
                problems.Add($"unknown field \"{property.Name}\"; known are {string.Join(", ", All.Select(f => f.Name))}");
                continue;
            }

            var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            if (field.Apply(schedule, text) is { } next)
            {
                schedule = next;
            }
            else
            {
                problems.Add($"\"{field.Name}\": {property.Value.GetRawText()} is not {field.Expects}");
            }
        }

        return problems.Count == 0 ? schedule : null;
    }

    /// <summary>The schedule as <see cref="TryUpdate"/> reads it.</summary>
    public static Dictionary<string, object> Write(FaultSchedule schedule) =>
        All.ToDictionary(f => f.Name, f => f.Read(schedule), StringComparer.Ordinal);

    /// <summary>Reads <c>0.05</c> or <c>5%</c>.</summary>
    public static double? ParseRate(string text)
    {
        var percent = text.EndsWith('%');
        var value = ParseNumber(percent ? text[..^1] : text, 0, percent ? 100 : 1);
        return percent ? value / 100 : value;
    }

    /// <summary>Reads <c>250ms</c>, <c>1.5s</c>, <c>2m</c> or <c>0</c>.</summary>
    public static TimeSpan? ParseTime(string text)
    {
        var (number, unit) = text switch
        {
            "0" => ("0", 1.0),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1.0),
            _ when text.EndsWith('s') => (text[..^1], 1000.0),
            _ when text.EndsWith('m') => (text[..^1], 60_000.0),
            _ => ("", 0.0),
        };
        return ParseNumber(number, 0, 86_400_000 / Math.Max(unit, 1)) is { } value ? TimeSpan.FromMilliseconds(value * unit) : null;
    }

    private static double? ParseNumber(string text, double min, double max) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
        && value >= min && value <= max ? value : null;

    private static FaultField Rate(string name, Func<FaultSchedule, double, FaultSchedule> set, Func<FaultSchedule, double> read) =>
        new(name, RateText, (s, text) => ParseRate(text) is { } value ? set(s, value) : null, s => read(s));

    private static FaultField Time(string name, Func<FaultSchedule, TimeSpan, FaultSchedule> set, Func<FaultSchedule, TimeSpan> read) =>
        new(name, TimeText, (s, text) => ParseTime(text) is { } value ? set(s, value) : null,
            s => string.Create(CultureInfo.InvariantCulture, $"{read(s).TotalMilliseconds}ms"));

    private static FaultField Number(
        string name, double min, double max, Func<FaultSchedule, double, FaultSchedule> set, Func<FaultSchedule, double> read) =>
        new(name, $"a number between {min} and {max}", (s, text) => ParseNumber(text, min, max) is { } value ? set(s, value) : null, s => read(s));

    private static FaultField Flag(string name, Func<FaultSchedule, bool, FaultSchedule> set, Func<FaultSchedule, bool> read) =>
        new(name, "true or false", (s, text) => bool.TryParse(text, out var value) ? set(s, value) : null, s => read(s));
}
