using System.Globalization;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Output;

namespace ModelMigrate.Benchmarks.Scoring;

/// <summary>Times the verb <c>score</c> on a generated file, by every metric that has something to do on it: answers of some sentences that differ from their reference in every seventh word.</summary>
internal static class ScoreBench
{
    private const int Words = 60;

    /// <summary>What each metric that needs something special is given.</summary>
    private static readonly Dictionary<string, string[]> s_parameters = new(StringComparer.Ordinal)
    {
        ["json_schema"] = ["schema={\"type\":\"object\",\"required\":[\"text\",\"numbers\"],\"properties\":{\"numbers\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}}}"],
        ["cosine_embedding"] = ["model=bench"],
        ["regex"] = ["pattern=w1[0-9]+ .*end$"],
        ["contains"] = ["value=w17"],
    };

    public static async Task<int> RunAsync(IReadOnlyList<string> options, TextWriter output)
    {
        var pairs = options is ["--pairs", var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 100_000;
        var directory = Directory.CreateTempSubdirectory("model-migrate-score-");
        try
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"score, {pairs:N0} pairs of {Words} words, {Environment.ProcessorCount} cores"));
            await output.WriteLineAsync("| metric | pairs/s | seconds | processor seconds | largest heap, MB |\n|---|---|---|---|---|");
            foreach (var shape in Enum.GetValues<PairShape>())
            {
                var file = Path.Combine(directory.FullName, $"{shape}.jsonl");
                PairFile.Write(file, pairs, Words, shape);
                foreach (var metric in MetricTable.Of(MetricProfile.Standard).Where(metric => PairFile.Shape(metric) == shape))
                {
                    await MeasureAsync(metric.Id, file, pairs, output);
                }
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        return 0;
    }

    private static async Task MeasureAsync(string id, string file, int pairs, TextWriter output)
    {
        var parameters = s_parameters.GetValueOrDefault(id, []).SelectMany(parameter => new[] { "--param", parameter });
        string[] line = ["score", "--metric", id, .. parameters, "--input", file];
        using var scores = new CountedWriter();
        GC.Collect();
        var time = TimeProvider.System;
        var worked = Environment.CpuUsage.TotalTime;
        var began = time.GetTimestamp();
        var code = await ModelMigrate.Commands.CommandLine.RunAsync(line, new Terminal(scores, output, live: false, static _ => null, time), CancellationToken.None);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        if (code != 0 || scores.Lines != pairs + 1)
        {
            throw new InvalidOperationException($"{id} ended with {code} after {scores.Lines} lines.");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{id}` | {pairs / seconds:N0} | {seconds:0.00} | {(Environment.CpuUsage.TotalTime - worked).TotalSeconds:0.00} | {scores.LargestHeap / 1048576.0:0} |"));
    }
}
