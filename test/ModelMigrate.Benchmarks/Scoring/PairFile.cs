using System.Globalization;
using System.Text;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Benchmarks.Scoring;

/// <summary>Writes files of pairs; the same numbers give the same file.</summary>
internal static class PairFile
{
    private const int Vocabulary = 4000;
    private const int Dimensions = 256;

    /// <summary>The kind of answers that a metric is about.</summary>
    public static PairShape Shape(MetricDefinition metric) => metric.Id switch
    {
        "cosine_embedding" => PairShape.Vectors,
        "pass@k" or "pass^k" => PairShape.Attempts,
        "recall@k" or "precision@k" or "mrr" or "map" or "ndcg@k" => PairShape.Ranking,
        _ when metric.Id.StartsWith("tool_", StringComparison.Ordinal) => PairShape.Calls,
        _ when metric.Id.StartsWith("json_", StringComparison.Ordinal) => PairShape.Json,
        _ => PairShape.Text,
    };

    public static void Write(string file, int pairs, int words, PairShape shape)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        var random = new Random(1);
        for (var i = 0; i < pairs; i++)
        {
            var (prediction, reference) = shape switch
            {
                PairShape.Text => Sentences(random, words),
                PairShape.Json => (Document(random, words), Document(random, words)),
                PairShape.Calls => (Call(random), Call(random)),
                PairShape.Ranking => (Ids(random, 50), Ids(random, 5)),
                PairShape.Attempts => (string.Create(CultureInfo.InvariantCulture, $$"""{"n":20,"c":{{random.Next(21)}}}"""), "\"\""),
                PairShape.Vectors => (Vector(random), Vector(random)),
            };
            writer.Write(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"q{{i}}","prediction":{{prediction}},"reference":{{reference}},"latency_ms":{{random.Next(5000)}},"ttft_ms":{{random.Next(500)}},"cost":0.0021}"""));
            writer.Write('\n');
        }
    }

    private static (string Prediction, string Reference) Sentences(Random random, int words)
    {
        var (prediction, reference) = (new StringBuilder("\""), new StringBuilder("\""));
        for (var i = 0; i < words; i++)
        {
            // Words come as they do in a language: few of them often.
            var word = Word(random);
            var other = i % 7 == 3 ? Word(random) : word;
            var mark = i % 12 == 11 ? ". " : i == words - 1 ? "." : " ";
            reference.Append(word).Append(mark);
            prediction.Append(other).Append(mark);
        }

        return (prediction.Append('"').ToString(), reference.Append('"').ToString());
    }

    private static string Word(Random random) => string.Create(CultureInfo.InvariantCulture, $"w{(int)(Vocabulary * Math.Pow(random.NextDouble(), 3))}ing");

    private static string Document(Random random, int words) => string.Create(
        CultureInfo.InvariantCulture, $$$"""{"text":"{{{string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(random)))}}}","numbers":[{{{random.Next(9)}}},{{{random.Next(9)}}},3],"more":{"a":true,"b":null}}""");

    private static string Call(Random random) => string.Create(
        CultureInfo.InvariantCulture, $$$"""[{"name":"weather","arguments":{"city":"c{{{random.Next(3)}}}","days":{{{random.Next(3)}}}}},{"name":"time","arguments":{}}]""");

    private static string Ids(Random random, int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(_ => $"\"d{random.Next(100)}\""))}]";

    private static string Vector(Random random) => $"[{string.Join(',', Enumerable.Range(0, Dimensions).Select(_ => (random.NextDouble() - 0.5).ToString("0.00000000", CultureInfo.InvariantCulture)))}]";
}
