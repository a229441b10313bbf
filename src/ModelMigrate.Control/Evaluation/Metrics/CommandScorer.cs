using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Metrics;

/// <summary>
/// Writes a case as a line and reads the line that answers it. Each case has a number that the answer repeats: a program that says one line too many would
/// otherwise give every later case its neighbour's score.
/// </summary>
internal sealed class CommandScorer(CommandPool pool, IReadOnlyList<string> words, TimeSpan limit, double low, double high) : Scorer
{
    private const int LongestQuote = 200;

    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private long _cases;

    private string Name => Path.GetFileName(words[0]);

    public override MetricScore Score(AnswerSample sample)
    {
        pool.Enter();
        try
        {
            return Ask(sample);
        }
        finally
        {
            pool.Leave();
        }
    }

    private MetricScore Ask(AnswerSample sample)
    {
        var number = Interlocked.Increment(ref _cases);
        var line = Line(sample, number);
        while (true)
        {
            if (pool.Take(words, out var isNew, out var wrong) is not { } program)
            {
                return MetricScore.Without($"{Name} cannot be started: {wrong}");
            }

            var answer = program.Ask(line, limit);
            if (answer.HasEnded && !isNew)
            {
                // It answers one case and ends; only a new one's end is a failure.
                program.Dispose();
                continue;
            }

            if (answer.Line is null)
            {
                program.Dispose();
                return MetricScore.Without($"{Name} {answer.Wrong}");
            }

            if (TryRead(answer.Line, number, out var score) is not { } odd)
            {
                pool.Return(program);
                return score;
            }

            // What else it has to say is nobody's answer.
            program.Dispose();
            return MetricScore.Without($"{Name} answered {odd}: {Quote(answer.Line)}");
        }
    }

    private static byte[] Line(AnswerSample sample, long number)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_plain))
        {
            json.WriteStartObject();
            json.WriteNumber("case"u8, number);
            if (sample.Prompt is { } prompt)
            {
                json.WriteString("prompt"u8, prompt);
            }

            json.WriteString("prediction"u8, sample.Prediction);
            json.WriteStartArray("references"u8);
            foreach (var reference in sample.References)
            {
                json.WriteStringValue(reference);
            }

            json.WriteEndArray();
            Write("latency_ms"u8, sample.LatencyMs);
            Write("cost"u8, sample.Cost);
            json.WriteEndObject();

            void Write(ReadOnlySpan<byte> name, double? value)
            {
                if (value is { } number)
                {
                    json.WriteNumber(name, number);
                }
            }
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Null, or what the line is instead of an answer to this case.</summary>
    private string? TryRead(string line, long number, out MetricScore score)
    {
        score = default;
        try
        {
            using var json = JsonDocument.Parse(line);
            var answer = json.RootElement;
            if (answer.ValueKind != JsonValueKind.Object)
            {
                return "no JSON object";
            }

            if (!answer.TryGetProperty("case", out var which) || which.ValueKind != JsonValueKind.Number || !which.TryGetInt64(out var whose) || whose != number)
            {
                return string.Create(CultureInfo.InvariantCulture, $"without \"case\":{number}, the number of the case that it was asked");
            }

            if (answer.TryGetProperty("missing", out var missing) && missing.ValueKind == JsonValueKind.String)
            {
                score = MetricScore.Without($"{Name}: {Quote(missing.GetString()!)}");
                return null;
            }

            if (!answer.TryGetProperty("score", out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var given))
            {
                return "neither a number as \"score\" nor a text as \"missing\"";
            }

            if (!(given >= low && given <= high))
            {
                return string.Create(CultureInfo.InvariantCulture, $"a score that is not from {low} to {high}, which the parameters low and high say");
            }

            score = MetricScore.Of(given);
            return null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return "no JSON";
        }
    }

    private static string Quote(string text) => text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
}
