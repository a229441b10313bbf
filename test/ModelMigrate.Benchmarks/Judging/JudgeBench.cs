using System.Globalization;
using System.Text;
using ModelMigrate.Output;

namespace ModelMigrate.Benchmarks.Judging;

/// <summary>Times the verb <c>judge</c> on a generated file, at several request rates: runs of half an hour, one line after the other in time.</summary>
internal static class JudgeBench
{
    private const string Schedule = "5%:10m,25%:10m,50%:10m";

    /// <summary>As long as the file, so that every line of one run is judged.</summary>
    private const string OneRun = "5%:10m,25%:10m,50%:3000d";

    private const double RunSeconds = 1800;
    private const int Together = 8;

    public static async Task<int> RunAsync(IReadOnlyList<string> options, TextWriter output)
    {
        var lines = Value(options, "--lines", "2000000", 1_000);
        var rates = (Text(options, "--rates") ?? "1,10,100").Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture));
        var directory = Directory.CreateTempSubdirectory("model-migrate-judge-");
        try
        {
            await output.WriteLineAsync($"judge --schedule {Schedule}, {lines:N0} lines, {Environment.ProcessorCount} cores");
            foreach (var rate in rates)
            {
                foreach (var isOneRun in new[] { false, true })
                {
                    var file = Path.Combine(directory.FullName, "observations.jsonl");
                    var runs = Generate(file, lines, rate, isOneRun);
                    var time = TimeProvider.System;
                    using var judged = new StringWriter();
                    var worked = Environment.CpuUsage.TotalTime;
                    var began = time.GetTimestamp();
                    var code = await ModelMigrate.Commands.CommandLine.RunAsync(
                        ["judge", "--observations", file, "--schedule", isOneRun ? OneRun : Schedule, "--json"],
                        new Terminal(judged, output, live: false, static _ => null, time), CancellationToken.None);
                    var seconds = time.GetElapsedTime(began).TotalSeconds;
                    var promoted = judged.ToString().Split("\"promote\"").Length - 1;
                    await output.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{rate,5:0.#} requests/s, {runs,5} runs: {seconds,6:0.00} s, {lines / seconds,11:N0} lines/s, {(Environment.CpuUsage.TotalTime - worked).TotalSeconds:0.00} s of processor, {promoted} promoted, exit {code}"));
                }
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        return 0;
    }

    /// <summary>Equal arms, 0.5 % errors, lognormal latencies. One run goes on at the last weight; else eight at a time interleave.</summary>
    private static int Generate(string file, int lines, double rate, bool isOneRun)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        var random = new Random(1);
        var together = isOneRun ? 1 : Together;
        var clocks = new double[together];
        var numbers = Enumerable.Range(0, together).ToArray();
        var runs = together;
        for (var i = 0; i < lines; i++)
        {
            var at = i % together;
            clocks[at] += -Math.Log(1 - random.NextDouble()) / rate;
            if (!isOneRun && clocks[at] >= RunSeconds)
            {
                (clocks[at], numbers[at]) = (0, runs++);
            }

            var weight = clocks[at] < 600 ? 0.05 : clocks[at] < 1200 ? 0.25 : 0.5;
            var latency = 800 * Math.Exp(0.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"run":"r{{numbers[at]}}","at":{{clocks[at]:0.###}},"arm":"{{(random.NextDouble() < weight ? "target" : "source")}}","key":"u{{random.Next(100_000)}}","outcome":"{{(random.NextDouble() < 0.005 ? "error" : "ok")}}","ttft_ms":{{latency / 3:0}},"latency_ms":{{latency:0}},"cost":0.0021,"checks":{"json":true},"quality":0.91}"""));
            writer.Write('\n');
        }

        return runs;
    }

    private static string? Text(IReadOnlyList<string> options, string name)
    {
        for (var i = 0; i + 1 < options.Count; i++)
        {
            if (options[i] == name)
            {
                return options[i + 1];
            }
        }

        return null;
    }

    private static int Value(IReadOnlyList<string> options, string name, string otherwise, int least) =>
        Math.Max(least, int.Parse(Text(options, name) ?? otherwise, CultureInfo.InvariantCulture));
}
