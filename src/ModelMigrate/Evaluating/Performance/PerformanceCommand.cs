using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Performance;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Evaluating.Timing;
using ModelMigrate.Output;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Evaluating.Performance;

/// <summary><c>performance</c>: how fast a model answers, by the number of calls at once.</summary>
internal static class PerformanceCommand
{
    private const int MostBatch = 1024;

    public static Command Create(Terminal terminal)
    {
        var warmup = new Option<string?>("--warmup") { Description = "Rounds of each batch size whose times are thrown away, 0 to 1000. Default: 5.", HelpName = "N", DefaultValueFactory = _ => "5" };
        var iterations = new Option<string?>("--iterations") { Description = "Rounds of each batch size that are measured, 1 to 100000. Default: 50.", HelpName = "N", DefaultValueFactory = _ => "50" };
        var batches = new Option<string?>("--batch-sizes") { Description = $"Calls that a round sends at once, 1 to {MostBatch} each. Default: 1,4,8,16.", HelpName = "N,…", DefaultValueFactory = _ => "1,4,8,16" };
        var shared = new TimingArguments();
        var command = new Verb("performance", "Measure how fast a model streams its answers: p50 and p99 of latency, time to first token and between tokens, tokens a second. Failed calls count, as slower than all others. Exits 0 measured, 2 wrong, 3 a model is not there, 4 the cost limit ended it early.",
            "model-migrate performance --target new",
            "model-migrate performance --source old --target new --batch-sizes 1,8 --iterations 100 --dataset questions.jsonl --max-cost 2 --json",
            "model-migrate performance --target openai:m@http://127.0.0.1:9001/v1 --warmup 1 --iterations 20") { warmup, iterations, batches };
        shared.AddTo(command, takesSource: true);
        return command.Runs(terminal, async context =>
        {
            var problems = new List<string>();
            var options = new OptionReader(context.Parsed, problems);
            var measured = new PerformanceOptions
            {
                Warmup = options.Whole(warmup, 0, 1000, "5") ?? 0,
                Iterations = options.Whole(iterations, 1, 100_000, "50") ?? 0,
                Batches = Batches(batches, options),
            };
            return await shared.ReadAsync(context, problems) is { } given
                ? await RunAsync(context, given, measured with { Settings = given.Settings, Limit = given.Limit, MaxCost = given.MaxCost })
                : ExitCode.Usage;
        });
    }

    private static List<int> Batches(Option<string?> option, OptionReader given)
    {
        var sizes = given.Text(option)!.Split(',', StringSplitOptions.TrimEntries).Select(size => given.Whole(option.Name, size, 1, MostBatch, "1,4,8,16") ?? 0).ToList();
        if (sizes.Where(static size => size > 0).GroupBy(static size => size).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            given.Problems.Add($"{option.Name}: {twice.Key} stands twice; write each once.");
        }

        return sizes;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, TimingGiven given, PerformanceOptions options)
    {
        var calls = options.Calls * given.Arms.Count;
        context.Say(CallPrice.Most([.. given.Arms.Select(static arm => arm.Model)], options.Settings, given.Prompts, options.Calls) is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"{calls} calls, at most ${most:0.00##}.")
            : $"{calls} calls. What they cost is not known: a model has no price.");
        using var connections = new ProviderConnections(context.Terminal.Time);
        var progress = new ProgressLine(context.Terminal);
        var run = new PerformanceRun(given.Arms, given.Prompts, options, model => Adapters.For(model, connections, context.Terminal.Time), context.Terminal.Time);
        PerformanceReport report;
        try
        {
            report = await run.RunAsync(progress.Say, context.Cancellation);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            return context.Fail(ExitCode.Infrastructure, "Stopped; a part of a measurement is none.");
        }
        finally
        {
            progress.End();
        }

        context.WriteJson(report);
        PerformanceOutput.Say(context, report);
        return report.End switch
        {
            RunEndKind.Whole => report.Models.All(static model => model.Batches.All(static batch => batch.Answered > 0)) ? ExitCode.Ok : ExitCode.Infrastructure,
            RunEndKind.Budget => context.Fail(ExitCode.Undecided, report.IncompleteBecause!),
            RunEndKind.Unreachable or RunEndKind.Store or RunEndKind.Dataset => context.Fail(ExitCode.Infrastructure, report.IncompleteBecause!),
        };
    }
}
