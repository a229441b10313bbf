using System.Text.Json;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Tests.Architecture;

namespace ModelMigrate.Tests.Core.Metrics;

/// <summary>Reads a file of known answers, and scores by a metric's id.</summary>
internal static class Oracle
{
    public static string Text(string file) => Source.Text($"test/ModelMigrate.Tests/Core/Metrics/Oracles/{file}");

    public static JsonElement Root(string file)
    {
        using var json = JsonDocument.Parse(Text(file));
        return json.RootElement.Clone();
    }

    public static IEnumerable<object[]> Numbers(string file) => Enumerable.Range(0, Root(file).GetProperty("cases").GetArrayLength()).Select(i => new object[] { i });

    public static JsonElement Case(string file, int number) => Root(file).GetProperty("cases")[number];

    public static List<string> Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    public static AnswerMetric Metric(string id, params (string Name, string Value)[] parameters)
    {
        var definition = MetricTable.Find(id) ?? MetricTable.Find(id, MetricProfile.Documents) ?? throw new ArgumentException($"{id} is no metric.", nameof(id));
        var metric = MetricTable.TryCreate(definition, parameters.ToDictionary(p => p.Name, p => p.Value), out var problems);
        Assert.True(metric is not null, string.Join('\n', problems));
        return metric;
    }

    public static AnswerSample Sample(string prediction, params IEnumerable<string> references) => new() { Prediction = prediction, References = [.. references] };

    public static double Score(this AnswerMetric metric, string prediction, params IEnumerable<string> references)
    {
        var score = metric.Score(Sample(prediction, references));
        Assert.True(score.Value is not null, score.Missing);
        return score.Value.Value;
    }

    public static double Corpus(this AnswerMetric metric, IEnumerable<AnswerSample> samples)
    {
        var corpus = metric.Corpus!;
        var (sums, counts) = (new double[corpus.Width], new double[corpus.Width]);
        foreach (var sample in samples)
        {
            Assert.Null(corpus.Count(sample, counts));
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += counts[i];
            }
        }

        return corpus.Corpus(sums);
    }
}
