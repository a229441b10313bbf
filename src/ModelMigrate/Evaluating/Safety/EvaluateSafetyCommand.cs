using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Commands.Checking;
using ModelMigrate.Control.Evaluation.Metrics;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Safety;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Output;
using ModelMigrate.Providers.Http;
using Spectre.Console;

namespace ModelMigrate.Evaluating.Safety;

/// <summary><c>evaluate-safety</c>: suites of prompts, judged, behind one gate.</summary>
internal static class EvaluateSafetyCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new SafetyArguments();
        var command = new Verb("evaluate-safety", "Ask a model the prompts of safety suites, have each answer judged, and hold the upper 95 % bound of the harmful share against a limit. Exits 0 pass, 1 fail, 2 wrong or not judged, 3 a model is not there, 4 too few answers: 0.001 needs 2,995 clean ones.",
            "model-migrate evaluate-safety --target new",
            "model-migrate evaluate-safety --target new --prompts red-team.jsonl --prompts insults=rude.txt --judge gemini-2.5-pro --max-cost 5 --max-judge-cost 5",
            "model-migrate evaluate-safety --target new --prompts must-refuse.csv --map prompt=text --refusals --limit 0.01 --json");
        arguments.AddTo(command);
        return command.Runs(terminal, async context =>
        {
            var problems = new List<string>();
            var given = await arguments.ReadAsync(context, problems);
            using var connections = new ProviderConnections(context.Terminal.Time);
            using var pool = new CommandPool(context.Terminal.Environment("PATH"), context.Terminal.Time);
            var judge = await arguments.Judge.FindAsync(context, given, connections, pool, problems);
            foreach (var problem in problems)
            {
                await context.Terminal.Error.WriteLineAsync(problem);
            }

            return problems.Count > 0 || given.Target is null || judge is null ? ExitCode.Usage : await RunAsync(context, given, judge, connections);
        });
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, SafetyGiven given, SafetyJudge judge, ProviderConnections connections)
    {
        Say(context, given, judge);
        if (SafetyLog.TryOpen(given.Out, given.IsFresh, out var problem) is not { } log)
        {
            return context.Fail(ExitCode.Infrastructure, problem);
        }

        using var kept = log;
        var run = new SafetyRun(given.Target!, given.Prompts, judge, given.Options, log, connections, context.Terminal.Time);
        if (run.Kept is > 0 and var there)
        {
            context.Say($"{there} of them have an answer from an earlier run in {given.Out}; --no-cache asks everything anew.");
        }

        var progress = new ProgressLine(context.Terminal);
        var gate = new Lock();
        SafetyReport report;
        try
        {
            report = await run.RunAsync(Told, context.Cancellation);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            return context.Fail(ExitCode.Infrastructure, "Stopped; the same command goes on from here.");
        }
        catch (IOException full)
        {
            return context.Fail(ExitCode.Infrastructure, $"An answer cannot be kept: {full.Message} Free some space; the same command then goes on from here.");
        }
        finally
        {
            progress.End();
        }

        if (await WriteAsync(context, given.Out, report) is { } failed)
        {
            return failed;
        }

        if (judge is RubricSafetyJudge { Cost: var cost })
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"Judging: {cost.Calls} calls, {(cost.Dollars is { } dollars ? $"${dollars:0.0000}" : "at an unknown price")}; {cost.Malformed} answers were no verdict."));
        }

        Say(context, report.Result);
        if (report.End.Kind != RunEndKind.Whole)
        {
            await context.Terminal.Error.WriteLineAsync(report.End.Message);
        }

        return Code(report);

        void Told(RunProgress at)
        {
            lock (gate)
            {
                progress.Say(at);
            }
        }
    }

    /// <summary>A part that fails has failed; a part that passes has not. Refused only because answers are errors is the provider's failure.</summary>
    private static ExitCode Code(SafetyReport report)
    {
        var (result, safety) = (report.Result, report.Result.Safety!);
        return report.End.Kind == RunEndKind.Unreachable ? ExitCode.Infrastructure
            : safety.Verdict == GateVerdict.Fail ? ExitCode.Negative
            : result.Completeness != DataCompleteness.Complete ? ExitCode.Undecided
            : safety.Verdict == GateVerdict.Refused && result.Target.Errors > 0 ? ExitCode.Infrastructure
            : GateWords.Exit(safety.Verdict);
    }

    private static void Say(CommandContext context, SafetyGiven given, SafetyJudge judge)
    {
        var cost = CallPrice.Most([given.Target!.Model], given.Options.Settings, [.. given.Prompts.All.Select(static prompt => prompt.Row)], given.Prompts.All.Count) is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"at most ${most:0.00##}, judging apart")
            : "at a price that is not known";
        context.Say($"{given.Prompts.All.Count} prompts of {string.Join(", ", given.Prompts.Suites)}, {cost}.");
        if (given.Prompts.Repeated > 0)
        {
            context.Say($"{given.Prompts.Repeated} prompts stood there before and are asked once: two answers to one prompt do not count as two.");
        }

        if (given.Prompts.HasBuiltIn)
        {
            context.Say(judge is WordJudge ? SmokeSuites.Caution : SmokeSuites.Caution.Replace(", judged by words", "", StringComparison.Ordinal));
        }
    }

    private static async Task<ExitCode?> WriteAsync(CommandContext context, string folder, SafetyReport report)
    {
        var json = report.Result.ToJson();
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllLinesAsync(Path.Combine(folder, "judged.jsonl"), report.Lines.Select(static line => line.ToJson()), context.Cancellation);

            // Whole or not at all: a reader must not find half of it.
            var file = Path.Combine(folder, "result.json");
            await File.WriteAllTextAsync(file + ".new", json, context.Cancellation);
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Infrastructure, $"The result cannot be written: {failed.Message} Free some space, or name another folder with --out.");
        }

        if (context.Json)
        {
            await context.Terminal.Out.WriteAsync(json);
        }

        context.Say($"Result: {Path.Combine(folder, "result.json")}, every answer: {Path.Combine(folder, "judged.jsonl")}");
        return null;
    }

    private static void Say(CommandContext context, EvaluationResult result)
    {
        var safety = result.Safety!;
        var table = new Table().Border(TableBorder.Simple).AddColumns("suite", "harmful", "answers", "not judged", "upper 95 % bound", "by itself");
        foreach (var suite in safety.Suites)
        {
            table.AddRow(new[] { suite.Suite, Number(suite.Harmful), Number(suite.Answers), Number(suite.Missing), Share(suite.Upper), GateWords.Of(suite.Verdict) }.Select(static cell => new Text(cell)));
        }

        table.AddRow(new[] { "all", Number(safety.All.Harmful), Number(safety.All.Answers), Number(safety.All.Missing), Share(safety.All.Upper), $"limit {Share(safety.All.Limit)}" }.Select(static cell => new Text(cell)));
        context.Say(table);
        if (result.Target.Errors > 0)
        {
            context.Say($"{result.Target.Errors} prompts have no answer: {string.Join(", ", result.Target.ErrorsByKind.Select(static kind => $"{kind.Value} x {kind.Key}"))}.");
        }

        context.Say($"{(result.Completeness == DataCompleteness.Complete || safety.Verdict == GateVerdict.Fail ? GateWords.Of(safety.Verdict) : "not whole")}. {safety.Reason}");
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("0.######", CultureInfo.InvariantCulture);
}
