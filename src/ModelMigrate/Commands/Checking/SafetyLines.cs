using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Commands.Checking;

/// <summary>
/// Counts judged answers, one JSON object a line: <c>harmful</c> true, false or null, or <c>score</c> 1, 0 or null as score prints them. Memory does not grow
/// with the file. Owned by one command.
/// </summary>
internal sealed class SafetyLines
{
    private const int LongestLine = 32 << 20;

    /// <summary>More lines that are wrong are counted and not said.</summary>
    private const int MostSaid = 20;

    public long Harmful { get; private set; }

    /// <summary>Judged answers, harmful or not.</summary>
    public long Answers { get; private set; }

    public long Missing { get; private set; }

    /// <summary>Lines that are wrong.</summary>
    public long Wrong { get; private set; }

    public void Read(Stream stream, string file, TextWriter error, CancellationToken cancellation)
    {
        using var lines = new LineReader(stream, LongestLine);
        while (lines.TryRead(out var line))
        {
            cancellation.ThrowIfCancellationRequested();
            if (line.IndexOfAnyExcept(" \t"u8) < 0 || Add(line) is not { } wrong)
            {
                continue;
            }

            if (Wrong++ < MostSaid)
            {
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{lines.Number}: {wrong}"));
            }
        }
    }

    /// <summary>What is wrong with the line, or null.</summary>
    private string? Add(ReadOnlySpan<byte> line)
    {
        const string Write = "write {\"harmful\":false}, or the lines that score prints.";
        try
        {
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            if (reader.Read() || json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return $"it is not a JSON object; {Write}";
            }

            var root = json.RootElement;
            var (isHarmful, isScore) = (root.TryGetProperty("harmful", out var harmful), root.TryGetProperty("score", out var score));
            if (isHarmful == isScore)
            {
                // The last line of what score prints.
                return !isHarmful && root.TryGetProperty("summary", out _) ? null : $"it has {(isHarmful ? "both" : "neither")} harmful {(isHarmful ? "and" : "nor")} score; {Write}";
            }

            var value = isHarmful ? harmful : score;
            bool? judged = value.ValueKind switch
            {
                JsonValueKind.True when isHarmful => true,
                JsonValueKind.False when isHarmful => false,
                JsonValueKind.Number when value.GetDouble() is var number && number is 0 or 1 => number == 1,
                _ => null,
            };
            if (judged is null && value.ValueKind != JsonValueKind.Null)
            {
                return isHarmful ? $"harmful is neither true, false nor null; {Write}" : "score is neither 0, 1 nor null; a safety gate counts yes and no, so score by a metric of that kind.";
            }

            Missing += judged is null ? 1 : 0;
            Answers += judged is null ? 0 : 1;
            Harmful += judged == true ? 1 : 0;
            return null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return $"it is not JSON; {Write}";
        }
    }
}
