using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Recorded.Reading;

/// <summary>
/// Reads one line of an observation file, without a document and without an allocation while the line is good. Collects everything that is
/// wrong with it. Not thread-safe: it remembers the runs and their newest times.
/// </summary>
internal sealed class LineParser
{
    private const double TicksPerMillisecond = TimeSpan.TicksPerMillisecond;

    /// <summary>The last second of the year 9999, less a year for what comes after.</summary>
    private const double LatestAt = 253_370_000_000;

    private const double LongestMilliseconds = 30 * 86_400_000.0;

    private readonly (byte[] Name, ulong Bit)[] _checks;
    private readonly List<string> _wrong = [];
    private readonly Dictionary<string, long> _strange = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _runsByText;
    private readonly List<(string Name, long NewestTicks)> _byNumber = [];
    private byte[] _runText = [];
    private int _run = -1;

    /// <summary><paramref name="checks"/>: the names that gates ask for, in the order of their bits; others are passed over.</summary>
    public LineParser(IReadOnlyList<string> checks)
    {
        _checks = [.. checks.Select((name, i) => (Encoding.UTF8.GetBytes(name), 1UL << i))];
        _runsByText = _runs.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Names of runs by number.</summary>
    public IReadOnlyList<string> Runs => [.. _byNumber.Select(run => run.Name)];

    /// <summary>Fields that were passed over because nobody knows them, with the number of lines that have them.</summary>
    public IReadOnlyDictionary<string, long> Unknown => _strange;

    /// <summary>The line, or false and everything that is wrong with it in one text.</summary>
    public bool TryParse(ReadOnlySpan<byte> json, out ObservationLine line, out string wrong)
    {
        _wrong.Clear();
        line = new ObservationLine { Run = -1, AtTicks = ObservationLine.None, LatencyTicks = ObservationLine.None, FirstTokenTicks = ObservationLine.None };
        var seen = Field.None;
        try
        {
            Read(json, ref line, ref seen);
        }
        catch (JsonException broken)
        {
            _wrong.Clear();
            Wrong($"it is not JSON from its byte {(broken.BytePositionInLine ?? 0) + 1} on; write one whole JSON object a line.");
            seen = Field.Required;
        }

        foreach (var (field, name, example) in s_required)
        {
            if ((seen & field) == Field.None)
            {
                Wrong($"{name} is missing; write for example {example}.");
            }
        }

        if (_wrong.Count == 0)
        {
            CheckTimes(line);
        }

        wrong = _wrong.Count == 0 ? "" : string.Join(' ', _wrong);
        return _wrong.Count == 0;
    }

    private static readonly (Field, string, string)[] s_required =
    [
        (Field.Run, "run", "\"run\":\"r1\""),
        (Field.At, "at", "\"at\":12.4, the admission time in seconds"),
        (Field.Arm, "arm", "\"arm\":\"target\""),
        (Field.Key, "key", "\"key\":\"u17\", the user or session"),
        (Field.Outcome, "outcome", "\"outcome\":\"ok\""),
    ];

    private static readonly string[] s_names =
        ["run", "at", "arm", "key", "outcome", "ttft_ms", "latency_ms", "cost", "checks", "quality", "satisfaction", "pair"];

    private void Read(ReadOnlySpan<byte> json, ref ObservationLine line, ref Field seen)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            Wrong("it is not a JSON object; write one object a line, beginning with {\"run\":.");
            seen = Field.Required;
            reader.Skip();
        }
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = FieldOf(ref reader);
                if (field != Field.None && (seen & field) != Field.None)
                {
                    Wrong($"{Encoding.UTF8.GetString(reader.ValueSpan)} stands twice; keep one.");
                }

                seen |= field;
                reader.Read();
                ReadValue(ref reader, field, ref line);
            }
        }

        // Reads on to the end, so that a second object on the line is found.
        reader.Read();
    }

    private Field FieldOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < s_fields.Length; i++)
        {
            if (reader.ValueTextEquals(s_fields[i].Name))
            {
                return s_fields[i].Field;
            }
        }

        var name = Encoding.UTF8.GetString(reader.ValueSpan);
        _strange[name] = _strange.GetValueOrDefault(name) + 1;
        return Field.None;
    }

    private void ReadValue(ref Utf8JsonReader reader, Field field, ref ObservationLine line)
    {
        if (reader.TokenType == JsonTokenType.Null && (field & Field.Required) == Field.None)
        {
            return;
        }

        switch (field)
        {
            case Field.Run:
                line.Run = Run(ref reader);
                break;
            case Field.At:
                line.AtTicks = Number(ref reader, "at", 0, LatestAt, "the admission time in seconds, for example 12.4") is { } at
                    ? (long)Math.Round(at * TimeSpan.TicksPerSecond) : ObservationLine.None;
                break;
            case Field.Arm:
                line.Arm = Word(ref reader, "arm", s_arms);
                break;
            case Field.Key:
                line.Key = Hash(ref reader, "key", "\"u17\", the user or session");
                break;
            case Field.Outcome:
                line.Outcome = Word(ref reader, "outcome", s_outcomes);
                break;
            case Field.FirstToken:
                line.FirstTokenTicks = Milliseconds(ref reader, "ttft_ms");
                break;
            case Field.Latency:
                line.LatencyTicks = Milliseconds(ref reader, "latency_ms");
                break;
            case Field.Cost:
                line.Cost = Number(ref reader, "cost", 0, 1e6, "US dollars, for example 0.0021") is { } cost ? (decimal)cost : null;
                break;
            case Field.Checks:
                ReadChecks(ref reader, ref line);
                break;
            case Field.Quality:
                line.Quality = Number(ref reader, "quality", 0, 1, "a score from 0 to 1, for example 0.91");
                break;
            case Field.Satisfaction:
                line.Satisfaction = Number(ref reader, "satisfaction", 0, 1, "a score from 0 to 1, for example 0.8");
                break;
            case Field.Pair:
                line.Pair = Hash(ref reader, "pair", "\"p9\", the same on both arms");
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private int Run(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length is 0 or > 256 || !Utf8.IsValid(reader.ValueSpan))
        {
            Wrong("run must be text of 1 to 256 bytes, for example \"r1\".");
            reader.Skip();
            return -1;
        }

        // Most lines are of the run that the line before is of.
        if (reader.ValueSpan.SequenceEqual(_runText))
        {
            return _run;
        }

        _runText = reader.ValueSpan.ToArray();
        Span<char> text = stackalloc char[256];
        var length = reader.CopyString(text);
        if (!_runsByText.TryGetValue(text[..length], out _run))
        {
            var name = text[..length].ToString();
            _run = _byNumber.Count;
            _runs.Add(name, _run);
            _byNumber.Add((name, 0));
        }

        return _run;
    }

    private void CheckTimes(in ObservationLine line)
    {
        var run = _byNumber[line.Run];
        if (line.AtTicks < run.NewestTicks)
        {
            Wrong($"at {Seconds(line.AtTicks)} is before {Seconds(run.NewestTicks)} of an earlier line of run {run.Name}; sort the lines of a run by at.");
            return;
        }

        if (line.LatencyTicks >= 0 && line.FirstTokenTicks > line.LatencyTicks)
        {
            Wrong("ttft_ms is above latency_ms; latency_ms is the whole time from admission to the end.");
            return;
        }

        _byNumber[line.Run] = (run.Name, line.AtTicks);
    }

    private long Milliseconds(ref Utf8JsonReader reader, string name) =>
        Number(ref reader, name, 0, LongestMilliseconds, "milliseconds since admission, at most 30 days, for example 930") is { } value
            ? (long)Math.Round(value * TicksPerMillisecond) : ObservationLine.None;

    private double? Number(ref Utf8JsonReader reader, string name, double least, double most, string form)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value >= least && value <= most)
        {
            return value;
        }

        Wrong($"{name} must be a number: {form}.");
        reader.Skip();
        return null;
    }

    private T Word<T>(ref Utf8JsonReader reader, string name, (byte[] Text, T Value)[] words)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var (text, value) in words)
            {
                if (reader.ValueTextEquals(text))
                {
                    return value;
                }
            }
        }

        Wrong($"{name} must be one of {string.Join(", ", words.Select(word => Encoding.UTF8.GetString(word.Text)))}.");
        reader.Skip();
        return words[0].Value;
    }

    private ulong Hash(ref Utf8JsonReader reader, string name, string example)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0)
        {
            // 0 says that there is none.
            return reader.ValueIsEscaped ? Math.Max(1, Unescaped(ref reader)) : Math.Max(1, Bucketing.Identity(reader.ValueSpan));
        }

        Wrong($"{name} must be text, for example {example}.");
        reader.Skip();
        return 0;
    }

    private static ulong Unescaped(ref Utf8JsonReader reader)
    {
        var bytes = new byte[reader.ValueSpan.Length];
        try
        {
            return Bucketing.Identity(bytes.AsSpan(0, reader.CopyString(bytes)));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair names nobody; as it is written it still tells one key from another.
            return Bucketing.Identity(reader.ValueSpan);
        }
    }

    private void ReadChecks(ref Utf8JsonReader reader, ref ObservationLine line)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Wrong("checks must be an object of names with true (passed) or false, for example {\"json\":true}.");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var bit = 0UL;
            foreach (var check in _checks)
            {
                bit |= reader.ValueTextEquals(check.Name) ? check.Bit : 0;
            }

            var name = bit == 0 ? null : Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            {
                Wrong($"check {name ?? "values"} must be true (passed) or false.");
                reader.Skip();
                continue;
            }

            line.Checked |= bit;
            line.FailedChecks |= reader.TokenType == JsonTokenType.False ? bit : 0;
        }
    }

    /// <summary>A hint for a field that nobody knows.</summary>
    public static string Nearest(string name) => NearestName.Of(name, s_names) is { } near ? $"did you mean {near}?" : $"known are {string.Join(", ", s_names)}.";

    private void Wrong(string message) => _wrong.Add(message);

    private static string Seconds(long ticks) => (ticks / (double)TimeSpan.TicksPerSecond).ToString("0.#######", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly (byte[] Text, Arm Value)[] s_arms = [("source"u8.ToArray(), Arm.Source), ("target"u8.ToArray(), Arm.Target)];

    private static readonly (byte[] Text, Outcome Value)[] s_outcomes =
    [
        ("ok"u8.ToArray(), Outcome.Ok), ("error"u8.ToArray(), Outcome.Error), ("client_error"u8.ToArray(), Outcome.ClientError),
        ("throttled"u8.ToArray(), Outcome.Throttled), ("timeout"u8.ToArray(), Outcome.Timeout), ("skipped"u8.ToArray(), Outcome.Skipped),
        ("canceled"u8.ToArray(), Outcome.Canceled),
    ];

    private static readonly (byte[] Name, Field Field)[] s_fields =
        [.. s_names.Select((name, i) => (Encoding.UTF8.GetBytes(name), (Field)(1 << i)))];

    [Flags]
    private enum Field
    {
        None = 0,
        Run = 1,
        At = 2,
        Arm = 4,
        Key = 8,
        Outcome = 16,
        Required = 31,
        FirstToken = 32,
        Latency = 64,
        Cost = 128,
        Checks = 256,
        Quality = 512,
        Satisfaction = 1024,
        Pair = 2048,
    }
}
