using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ModelMigrate.Benchmarks.Load;

namespace ModelMigrate.Benchmarks.Promptfoo;

/// <summary>The same configuration by promptfoo and by <c>evaluate-promptfoo</c>, against a model of this machine that answers at once or after 50 ms.</summary>
internal static class PromptfooBench
{
    private const string Version = "0.121.20";
    private const int Concurrency = 8;
    private const int SlowMilliseconds = 50;

    public static async Task<int> RunAsync(PromptfooOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("model-migrate-promptfoo-");
        try
        {
            var theirs = await InstalledAsync(options.Folder, output);
            var ours = await PublishedAsync(output);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{options.Rows:N0} tests at concurrency {Concurrency}, {options.Pairs} rounds, {Environment.ProcessorCount} cores; promptfoo {Version}\n"));
            await output.WriteLineAsync("| provider | | seconds, median [min … max] | peak MB, median [min … max] |\n|---|---|---|---|");
            var report = new PromptfooReport(output);
            var (fast, fastTheirs) = await BothAsync(delay: 0, options, (ours, theirs), folder.FullName, report);
            var (slow, slowTheirs) = await BothAsync(SlowMilliseconds, options, (ours, theirs), folder.FullName, report);
            var many = new List<MeteredRun>();
            if (options.Many > 0)
            {
                using var model = await ModelAsync(delay: 0);
                many.Add(await OursAsync(model.Port, options.Many, ours, folder.FullName));
                await report.RunsAsync("at once", string.Create(CultureInfo.InvariantCulture, $"ours, {options.Many:N0} tests"), many);
            }

            await output.WriteLineAsync("\n| | figure | goal |\n|---|---|---|");
            await report.GoalAsync("times faster than promptfoo, answers at once", PromptfooReport.Seconds(fastTheirs) / PromptfooReport.Seconds(fast), atLeast: 5);
            var ideal = options.Rows * SlowMilliseconds / 1000.0 / Concurrency;
            await report.GoalAsync(string.Create(CultureInfo.InvariantCulture, $"seconds ÷ (tests × {SlowMilliseconds} ms ÷ {Concurrency}), answers after {SlowMilliseconds} ms"), PromptfooReport.Seconds(slow) / ideal, atMost: 1.1);
            await report.GoalAsync("peak memory ÷ promptfoo's, answers at once", PromptfooReport.Peak(fast) / PromptfooReport.Peak(fastTheirs), atMost: 1 / 3.0);
            await report.GoalAsync($"peak memory ÷ promptfoo's, answers after {SlowMilliseconds} ms", PromptfooReport.Peak(slow) / PromptfooReport.Peak(slowTheirs), atMost: 1 / 3.0);
            if (many.Count > 0)
            {
                await report.GoalAsync(string.Create(CultureInfo.InvariantCulture, $"peak MB at {options.Many:N0} tests above that at {options.Rows:N0}"), PromptfooReport.Peak(many) - PromptfooReport.Peak(fast), atMost: 50);
            }

            return report.IsMissed ? 1 : 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One model for all of them, warmed by as many bare calls, which tell what it takes by itself.</summary>
    private static async Task<(List<MeteredRun> Ours, List<MeteredRun> Theirs)> BothAsync(int delay, PromptfooOptions options, (string Ours, string Theirs) programs, string folder, PromptfooReport report)
    {
        using var model = await ModelAsync(delay);
        var bare = await BareAsync(model.Port, options.Rows);
        var (own, other) = (new List<MeteredRun>(), new List<MeteredRun>());
        for (var pair = 0; pair < options.Pairs; pair++)
        {
            own.Add(await OursAsync(model.Port, options.Rows, programs.Ours, folder));
            other.Add(await TheirsAsync(model.Port, options.Rows, programs.Theirs, folder));
        }

        var provider = delay == 0 ? "at once" : $"after {delay} ms";
        await report.BareAsync(provider, bare);
        await report.RunsAsync(provider, "promptfoo", other);
        await report.RunsAsync(provider, "ours", own);
        return (own, other);
    }

    /// <summary>Seconds for as many calls by a client that does nothing else.</summary>
    private static async Task<double> BareAsync(int port, int rows)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, rows), new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (row, cancel) =>
        {
            using var body = new StringContent(string.Create(CultureInfo.InvariantCulture, $$"""{"model":"bench-1","messages":[{"role":"user","content":"Where is my order A-{{row}}?"}]}"""), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), body, cancel);
            await answer.EnsureSuccessStatusCode().Content.LoadIntoBufferAsync(cancel);
        });
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<MeteredRun> OursAsync(int port, int rows, string program, string folder)
    {
        var (config, results) = (Configuration(port, rows, folder), Path.Combine(folder, "ours.json"));
        var run = await MeteredRun.OfAsync(program, ["evaluate-promptfoo", "--config", config, "--concurrency", $"{Concurrency}", "--output", results]);
        var said = string.Create(CultureInfo.InvariantCulture, $"{rows} passed, 0 failed, 0 errors of {rows} rows.");
        return run.Output.Contains(said, StringComparison.Ordinal) && new FileInfo(results).Length > rows ? run : throw new InvalidOperationException($"Not every test passed:\n{run.Output}");
    }

    /// <summary>Without its cache, its database, its table and its calls home, all of which cost it time.</summary>
    private static async Task<MeteredRun> TheirsAsync(int port, int rows, string entry, string folder)
    {
        var (config, results) = (Configuration(port, rows, folder), Path.Combine(folder, "theirs.json"));
        var run = await MeteredRun.OfAsync(
            "node", [entry, "eval", "--config", config, "--max-concurrency", $"{Concurrency}", "--no-cache", "--no-table", "--no-write", "--no-progress-bar", "--output", results],
            ("PROMPTFOO_CONFIG_DIR", Path.Combine(folder, "promptfoo")), ("PROMPTFOO_DISABLE_TELEMETRY", "1"), ("PROMPTFOO_DISABLE_UPDATE", "1"));
        var passed = JsonNode.Parse(await File.ReadAllTextAsync(results))!["results"]!["stats"]!["successes"]!.GetValue<int>();
        return passed == rows ? run : throw new InvalidOperationException($"{passed} of {rows} tests passed:\n{run.Output}");
    }

    private static Task<Peer> ModelAsync(int delay)
    {
        var port = Ports.Free(1)[0];
        return Peer.StartAsync("model", port, "dotnet", [Path.Combine(AppContext.BaseDirectory, "ModelMigrate.Benchmarks.dll"), "upstream", $"{port}", $"{delay}"]);
    }

    private static string Configuration(int port, int rows, string folder)
    {
        var tests = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"tests-{rows}.jsonl"));
        if (!File.Exists(tests))
        {
            File.WriteAllLines(tests, Enumerable.Range(0, rows).Select(static i =>
                string.Create(CultureInfo.InvariantCulture, $$"""{"description":"order {{i}}","vars":{"order":"A-{{i}}","days":{{i % 9}}},"assert":[{"type":"contains","value":"xxx"},{"type":"not-icontains","value":"order a-{{i}}"}]}""")));
        }

        var file = Path.Combine(folder, "promptfooconfig.yaml");
        File.WriteAllText(file,
            $$$"""
            prompts: ['Where is my order {{order}}? I have waited for {{days}} days.']
            providers: [{id: openai:chat:bench-1, config: {apiBaseUrl: 'http://127.0.0.1:{{{port}}}/v1', apiKey: none}}]
            tests: file://{{{Path.GetFileName(tests)}}}
            defaultTest: {assert: [{type: regex, value: '^x+$'}, {type: not-contains, value: error, weight: 2}]}
            """);
        return file;
    }

    private static async Task<string> InstalledAsync(string folder, TextWriter output)
    {
        var entry = Path.GetFullPath(Path.Combine(folder, "node_modules", "promptfoo", "dist", "src", "entrypoint.js"));
        if (!File.Exists(entry))
        {
            await output.WriteLineAsync($"Installing promptfoo {Version} in {folder}");
            Directory.CreateDirectory(folder);
            await MeteredRun.OfAsync("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", $"promptfoo@{Version}"]);
        }

        return entry;
    }

    /// <summary>The program as the README has users install it.</summary>
    private static async Task<string> PublishedAsync(TextWriter output)
    {
        var folder = Path.GetFullPath(Path.Combine("artifacts", "model-migrate"));
        await output.WriteLineAsync($"Publishing model-migrate in {folder}");
        await MeteredRun.OfAsync("dotnet", ["publish", Path.Combine("src", "ModelMigrate"), "-c", "Release", "--use-current-runtime", "-o", folder]);
        return Path.Combine(folder, "model-migrate");
    }
}
