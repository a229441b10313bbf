using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Commands.Checking;
using ModelMigrate.Control.Evaluation.Load;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Evaluating.Timing;
using ModelMigrate.Output;
using ModelMigrate.Providers.Http;
using Spectre.Console;

namespace ModelMigrate.Evaluating.Load;

/// <summary><c>load-test</c>: what a model does under load, and whether it holds lines.</summary>
internal static class LoadTestCommand
{
    /// <summary>A request sent this much later than it should is this machine's news, not the model's.</summary>
    private const double LateMs = 50;

    public static Command Create(Terminal terminal)
    {
        var (load, shared) = (new LoadArguments(), new TimingArguments());
        var command = new Verb("load-test", "Put a model under load: requests come when they come, whatever became of those before, and their time runs from then. Exits 0 when every line holds, 1 when one breaks, 2 wrong, 3 the model is not there, 4 too few requests to tell.",
            "model-migrate load-test --target new --rate 20 --ramp-up 30s --duration 5m --min-success 0.99 --max-p95 2s --max-cost 5",
            "model-migrate load-test --target openai:m@http://127.0.0.1:9001/v1 --profile users-10 --slo 2s --json",
            "model-migrate load-test --target new --profile users-50 --closed");
        shared.AddTo(command, takesSource: false);
        load.AddTo(command);
        return command.Runs(terminal, async context =>
        {
            var problems = new List<string>();
            var given = new OptionReader(context.Parsed, problems);
            var options = load.Load(given);
            var thresholds = load.Thresholds(given);
            LoadArguments.CheckLimit(thresholds, shared.Limit(context), given);
            return await shared.ReadAsync(context, problems) is { } timing
                ? await RunAsync(context, timing, options with { Settings = timing.Settings, Limit = timing.Limit, MaxCost = timing.MaxCost }, thresholds)
                : ExitCode.Usage;
        });
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, TimingGiven given, LoadOptions options, LoadThresholds thresholds)
    {
        context.Say(Planned(given, options));
        using var connections = new ProviderConnections(context.Terminal.Time);
        using var run = new LoadRun(given.Arms[0], given.Prompts, options, model => Adapters.For(model, connections, context.Terminal.Time), context.Terminal.Time);
        var progress = new LoadProgressLine(context.Terminal);
        LoadReport report;
        try
        {
            report = await run.RunAsync(() => progress.Say(run), context.Cancellation);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            return context.Fail(ExitCode.Infrastructure, "Stopped; a part of a load is none.");
        }
        finally
        {
            progress.End();
        }

        var check = LoadCheck.Of(report, thresholds);
        context.WriteJson(new { report, check });
        Say(context, report, check);
        if (report.IncompleteBecause is { } because)
        {
            await context.Terminal.Error.WriteLineAsync(because);
        }

        return check.Verdict == GateVerdict.Refused ? ExitCode.Infrastructure : GateWords.Exit(check.Verdict);
    }

    private static string Planned(TimingGiven given, LoadOptions options)
    {
        var expected = options.Expected;
        var calls = double.IsFinite(expected) ? string.Create(CultureInfo.InvariantCulture, $"About {expected:0} requests") : "As many requests as are answered in that time";
        return double.IsFinite(expected) && CallPrice.Most([given.Arms[0].Model], options.Settings, given.Prompts, (long)Math.Ceiling(expected)) is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"{calls}, at most ${most:0.00##}.")
            : $"{calls}. What they cost is not known{(given.Arms[0].Model.Cost(1, 1) is null ? ": the model has no price" : "")}.";
    }

    private static void Say(CommandContext context, LoadReport report, LoadCheck check)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "p50", "p95", "p99", "p99.9");
        foreach (var (name, figures) in new[] { ("latency", report.Latency), ("first token", report.FirstToken) })
        {
            table.AddRow(figures.Select(TimingWords.Of).Prepend(name).Select(static cell => new Text(cell)));
        }

        context.Say(table);
        context.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Answered} of {report.Requests} requests answered ({100 * (report.SuccessRate ?? 0):0.##} %), {report.NotSent} not sent, {(report.RequestsPerSecondAsked is { } asked ? $"{asked:0.##} a second asked, " : "")}{report.RequestsPerSecondReached:0.##} a second reached, goodput {report.Goodput:0.##} a second{(report.SloMs is { } slo ? $" within {slo:0} ms" : "")}, {report.Seconds:0.#} s."));
        if (report.Errors.Count > 0)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"Without an answer: {TimingWords.Errors(report.Errors)}; each counts as {report.LimitMs:0} ms or more (≥)."));
        }

        if (report.NotSent > 0)
        {
            context.Say($"{report.NotSent} came while {report.MaxInFlight} were under way (--max-in-flight), and count as failed.");
        }

        if (report.SendLagP99Ms > LateMs)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"This machine was late itself: requests were sent up to {report.SendLagLargestMs:0} ms after they should, p99 {report.SendLagP99Ms:0} ms, and that is in the figures. Send less from it."));
        }

        if (report.Mode == "closed")
        {
            context.Say("Users waited for their answers, so a stall kept them from asking: percentiles are too low where the model stalls. Leave --closed out for figures that are not.");
        }

        foreach (var line in check.Lines)
        {
            context.Say($"{GateWords.Of(line.Verdict),-12} {line.Reason}");
        }
    }
}
