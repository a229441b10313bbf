using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Linting;
using ModelMigrate.Output;
using ModelMigrate.Recorded.Reading;
using Spectre.Console;

namespace ModelMigrate.Comparing;

/// <summary><c>compat</c>: prompts for real on both models, side by side.</summary>
internal static class CompatCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new RequestOptions();
        var file = new Option<string>("--prompts") { Description = "One request a line, as lint reads them. - reads standard input.", HelpName = "FILE", Required = true };
        var concurrency = new Option<int>("--concurrency") { Description = "Prompts under way at once, 1 to 256. Default: 4.", HelpName = "N", DefaultValueFactory = _ => 4 };
        concurrency.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > 256)
            {
                result.AddError("--concurrency is a number of prompts from 1 to 256, for example 4.");
            }
        });
        var maxCost = new Option<string>("--max-cost") { Description = "US dollars that the run may cost at most, or none. Default: 1.", HelpName = "USD", DefaultValueFactory = _ => "1" };
        var show = new Option<bool>("--show-prompts") { Description = "Show the beginnings of prompts, and what providers say of them. Default: neither." };
        return new Verb("compat", "Ask both models every prompt and compare success, tokens, latency, errors and cost. Exits 0 when the target does all that the source does, 1 when not, 4 when the cost limit ended it early.",
            "model-migrate compat --route chat --to claude-sonnet-4-5 --prompts prompts.jsonl --max-cost 2",
            "model-migrate compat --route chat --to claude-sonnet-4-5 --prompts prompts.jsonl --max-cost none --json") { SharedOptions.Config, options.Route, options.To, file, options.Protocol, concurrency, maxCost, show }
            .Runs(terminal, context => RunAsync(
                context, options, context.Parsed.GetValue(file)!, context.Parsed.GetValue(concurrency), context.Parsed.GetValue(maxCost)!, context.Parsed.GetValue(show)));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, RequestOptions options, string file, int concurrency, string maxCost, bool show)
    {
        decimal? most = null;
        if (maxCost != "none")
        {
            if (!decimal.TryParse(maxCost, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) || dollars <= 0)
            {
                return context.Fail(ExitCode.Usage, $"--max-cost: '{maxCost}' is not an amount of US dollars above 0, for example 2.5, nor 'none'.");
            }

            most = dollars;
        }

        if (options.TryFind(context, out var found) is not ExitCode.Ok and var code)
        {
            return code;
        }

        if (most is not null && new[] { found!.Route.Model, found.Target }.Where(model => model.Cost(1, 1) is null).Select(model => model.Id.Value).ToList() is { Count: > 0 } unpriced)
        {
            return context.Fail(ExitCode.Usage, $"--max-cost cannot be kept: no price is known of {string.Join(" and ", unpriced)}. Write inputCostPer1k and outputCostPer1k into the catalog entry, or --max-cost none.");
        }

        var lines = new List<RequestLine>();
        try
        {
            using var stream = RequestOptions.Open(context, file);
            if (!TryRead(context, options, file, stream, found!, lines))
            {
                return ExitCode.Usage;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read: {unreadable.Message} Name an existing file, or - for standard input.");
        }

        using var run = new CompatRun(new CompatOptions(concurrency, most, show), found!.Route, found.Target, context.Terminal.Time);
        var report = await run.RunAsync(lines, context.Terminal.Live ? through => context.Terminal.Error.Write($"\r{through} of {lines.Count} prompts ") : null, context.Cancellation);
        context.WriteJson(report);
        Say(context, report, most);
        return report.Worse > 0 ? ExitCode.Negative : report.IsCut ? ExitCode.Undecided : ExitCode.Ok;
    }

    /// <summary>Reads all lines before any is asked; one that cannot be read costs nothing.</summary>
    private static bool TryRead(CommandContext context, RequestOptions options, string file, Stream stream, RequestOptions.Found found, List<RequestLine> into)
    {
        using var reader = new LineReader(stream, LintRun.LongestLine);
        var (usual, bad) = (options.UsualPath(context), 0);
        while (reader.TryRead(out var text))
        {
            if (text.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            if (RequestLine.TryRead(reader.Number, text, found.Route.Id.Value, usual, out var problem) is not { } line || !RequestLine.TryScan(line.Path, line.Body, out _, out problem))
            {
                bad++;
                context.Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}:{reader.Number}: {problem}"));
                continue;
            }

            into.Add(line);
        }

        if (bad > 0 || into.Count == 0)
        {
            context.Terminal.Error.WriteLine(bad > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{bad} of {bad + into.Count} lines cannot be read, so nothing was asked.")
                : $"{file} has no lines. Write one request a line; samples/prompts.jsonl has examples.");
            return false;
        }

        return true;
    }

    private static void Say(CommandContext context, CompatReport report, decimal? most)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("arm", "model", "fine", "changed", "checks failed", "input tokens", "output tokens", "p50", "p95", "first token p50", "cost", "errors");
        foreach (var (name, arm) in new[] { ("source", report.Source), ("target", report.Target) })
        {
            table.AddRow(new[]
            {
                name, arm.Model, $"{arm.Fine} of {report.Prompts.Count}", Number(arm.Changed), Number(arm.FailedChecks), Number(arm.InputTokens), Number(arm.OutputTokens),
                Milliseconds(arm.P50Ms), Milliseconds(arm.P95Ms), Milliseconds(arm.FirstTokenP50Ms),
                arm.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $"${cost:0.0000}") : "-",
                arm.Errors.Count == 0 ? "-" : string.Join(", ", arm.Errors.Select(error => $"{error.Value} x {error.Key}")),
            }.Select(cell => new Text(cell)));
        }

        context.Say(table);
        foreach (var prompt in report.Prompts.Where(prompt => prompt.Source.IsFine && !prompt.Target.IsFine))
        {
            var why = prompt.Target.Error ?? $"checks: {string.Join(", ", prompt.Target.FailedChecks)}";
            context.Say(string.Create(CultureInfo.InvariantCulture, $"line {prompt.Line}: fine on {report.Source.Model}, not on {report.Target.Model}: {why}{(prompt.Target.Message is null ? "" : $" ({prompt.Target.Message})")}{(prompt.Prompt is null ? "" : $": {prompt.Prompt}")}"));
        }

        context.Say(string.Create(CultureInfo.InvariantCulture, $"{report.Route}: {report.Worse} fine on {report.Source.Model} only, {report.Better} on {report.Target.Model} only, of {report.Prompts.Count} prompts."));
        if (report.IsCut)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"The limit of ${most} ended the run: {report.Lines - report.Prompts.Count} of {report.Lines} prompts were not asked. Raise --max-cost."));
        }
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(double? value) => value is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:0} ms") : "-";
}
