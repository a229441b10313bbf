using ModelMigrate.Benchmarks.Rollouts.Judged;
using ModelMigrate.Benchmarks.Rollouts.Pictures;
using ModelMigrate.Benchmarks.Rollouts.Results;
using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Benchmarks.Rollouts;

/// <summary>
/// Puts the product's judge and decider, and the rules that others use, through the same simulated migrations: how often each takes a
/// healthy target back, and how many requests meet a bad one first. Seeded: the same command prints the same table.
/// </summary>
internal static class RolloutBench
{
    /// <summary>Runs it all; 1 when a goal is missed, else 0.</summary>
    public static async Task<int> RunAsync(RolloutOptions options, TextWriter output, TextWriter progress, Func<RolloutSpec, RolloutSpec>? configure = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        var cells = new List<Cell>();
        Workbench[] benches = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(static _ => new Workbench())];
        var table = new ResultTable(options.Json ? progress : output);
        await table.BeginAsync(options);
        foreach (var scenario in options.Scenarios)
        {
            foreach (var rate in options.Rates)
            {
                var row = Run(benches, scenario, rate, options, configure ?? (static spec => spec));
                cells.AddRange(row);
                await table.AddAsync(row);
                await progress.WriteLineAsync($"  {scenario.Name} at {rate}/s done after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
            }
        }

        var goals = Goals.Check(cells).ToList();
        if (options.PairedQuality)
        {
            goals.AddRange(PairedQuality.Run(options.Repetitions, options.Seed));
        }

        await (options.Json ? JsonReport.WriteAsync(cells, goals, options, output) : GoalReport.WriteAsync(goals, output));
        await WriteFilesAsync(options, cells);
        return goals.Any(g => !g.IsMet) ? 1 : 0;
    }

    private static async Task WriteFilesAsync(RolloutOptions options, List<Cell> cells)
    {
        var beside = options.Guide is { } guide ? Path.ChangeExtension(guide, null) : null;
        if ((options.Pictures ?? beside) is { } folder)
        {
            await ScenarioPicture.WriteAllAsync(cells, options.Scenarios, folder);
        }

        if ((options.Csv ?? (beside is null ? null : Path.Combine(beside, GuideTables.Values))) is { } file)
        {
            await File.WriteAllTextAsync(file, CsvFile.Write(cells));
        }

        if (options.Guide is { } page)
        {
            await File.WriteAllTextAsync(page, GuideTables.Replace(await File.ReadAllTextAsync(page), CsvFile.Write(cells)));
        }
    }

    private static List<Cell> Run(Workbench[] benches, Scenario scenario, double rate, RolloutOptions options, Func<RolloutSpec, RolloutSpec> configure)
    {
        var methods = Workbench.Methods;
        var trials = methods.Select(_ => new Trial[options.Repetitions]).ToArray();
        var next = -1;
        Parallel.For(0, benches.Length, worker =>
        {
            Span<Trial> one = stackalloc Trial[methods.Count];
            for (var i = Interlocked.Increment(ref next); i < options.Repetitions; i = Interlocked.Increment(ref next))
            {
                benches[worker].Run(scenario, rate, options.Seed + (uint)i, configure, one);
                for (var m = 0; m < one.Length; m++)
                {
                    trials[m][i] = one[m];
                }
            }
        });
        return [.. methods.Select((name, m) => Cell.Of(scenario, rate, name, trials[m]))];
    }
}
