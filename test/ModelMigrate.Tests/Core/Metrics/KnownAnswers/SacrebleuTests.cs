using System.Globalization;
using System.Text.Json;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Core.Metrics.Tokenizing;

namespace ModelMigrate.Tests.Core.Metrics.KnownAnswers;

/// <summary>BLEU, chrF and the tokens of 13a against sacrebleu's numbers, which are of 100.</summary>
public sealed class SacrebleuTests
{
    public static IEnumerable<object[]> BleuCases => Oracle.Numbers("sacrebleu_bleu.json");

    public static IEnumerable<object[]> ChrfCases => Oracle.Numbers("sacrebleu_chrf.json");

    public static IEnumerable<object[]> Tokens => Oracle.Root("sacrebleu_bleu.json").GetProperty("tokenizer13a").EnumerateArray()
        .Select(row => new object[] { row.GetProperty("input").GetString()!, row.GetProperty("tokens").GetString()! });

    [Theory]
    [MemberData(nameof(BleuCases))]
    public void Bleu_OfSacrebleusCases_IsTheirs(int number)
    {
        var row = Oracle.Case("sacrebleu_bleu.json", number);
        var isSentence = row.GetProperty("level").GetString() == "sentence";
        var args = row.GetProperty("args");
        var parameters = new List<(string, string)> { ("effective_order", args.TryGetProperty("effective_order", out var effective) && effective.GetBoolean() ? "true" : "false") };
        foreach (var (theirs, ours) in new[] { ("tokenize", "tokenize"), ("smooth_method", "smooth"), ("smooth_value", "smooth_value"), ("max_ngram_order", "order"), ("lowercase", "lowercase") })
        {
            if (args.TryGetProperty(theirs, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                parameters.Add((ours, value.ToString().ToLowerInvariant()));
            }
        }

        Close(row, isSentence, Oracle.Metric("bleu", [.. parameters]), Samples(row, "referenceStreams"));
    }

    [Theory]
    [MemberData(nameof(ChrfCases))]
    public void Chrf_OfSacrebleusCases_IsTheirs(int number)
    {
        var row = Oracle.Case("sacrebleu_chrf.json", number);
        var args = row.GetProperty("args");
        var parameters = new List<(string, string)>();
        foreach (var (theirs, ours) in new[] { ("char_order", "char_order"), ("word_order", "word_order"), ("beta", "beta"), ("eps_smoothing", "eps"), ("whitespace", "whitespace") })
        {
            if (args.TryGetProperty(theirs, out var value))
            {
                parameters.Add((ours, value.ToString().ToLowerInvariant()));
            }
        }

        var id = args.GetProperty("word_order").GetInt32() == 2 ? "chrf++" : "chrf";
        Close(row, row.GetProperty("level").GetString() == "sentence", Oracle.Metric(id, [.. parameters]), Samples(row, "references"));
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Tokens_Of13a_AreTheirs(string text, string tokens) => Assert.Equal(tokens, string.Join(' ', new MtevalTokenizer().Tokens(text)));

    private static void Close(JsonElement row, bool isSentence, AnswerMetric metric, List<AnswerSample> samples)
    {
        var expected = row.GetProperty("expected").GetDouble();
        var tolerance = row.TryGetProperty("tolerance", out var given) ? given.GetDouble() : 1e-6;
        var found = 100 * (isSentence ? metric.Score(Assert.Single(samples)).Value!.Value : metric.Corpus(samples));
        Assert.True(Math.Abs(found - expected) <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{found} instead of {expected}: {row}"));
    }

    /// <summary>References come as streams: a list for each, with one reference a hypothesis; of a single stream without the outer list.</summary>
    private static List<AnswerSample> Samples(JsonElement row, string references)
    {
        var streams = row.GetProperty(references);
        var all = streams[0].ValueKind == JsonValueKind.Array ? streams.EnumerateArray().Select(Oracle.Strings).ToList() : [Oracle.Strings(streams)];
        return [.. Oracle.Strings(row.GetProperty("hypotheses")).Select((hypothesis, i) => Oracle.Sample(hypothesis, all.Select(stream => stream[i])))];
    }
}
