using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Control.Evaluation.Promptfoo.Scripts;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Deriving;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary><c>evaluate-promptfoo</c>: a promptfoo configuration as it is. What of it would not be run as written is said before a model is asked.</summary>
internal sealed class PromptfooCommand
{
    private const int FileBuffer = 64 << 10;
    private const int MostShown = 20;
    private const int PromptfooConcurrency = 4;

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);

    private readonly Option<FileInfo> _file = new("--config", "-c") { Description = "The configuration.", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("promptfooconfig.yaml") };
    private readonly Option<string> _mode = new("--mode") { Description = "strict: no threshold or weight of 0 turns a failure green. compat: pass, fail and scores as promptfoo 0.121.", HelpName = "MODE", DefaultValueFactory = _ => "strict" };
    private readonly Option<int?> _concurrency = new("--concurrency", "-j") { Description = "Rows under way at once, 1 to 256. Default: the file's, else 4.", HelpName = "N" };
    private readonly Option<int> _retries = new("--retries") { Description = "How often a call that failed in passing is tried again.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<string?> _pattern = new("--filter-pattern") { Description = "Only tests whose description contains this text.", HelpName = "TEXT" };
    private readonly Option<int?> _first = new("--filter-first-n") { Description = "Only so many tests, from the first on.", HelpName = "N" };
    private readonly Option<bool> _scripts = new("--allow-scripts") { Description = "Run JavaScript and Python of the configuration with node and python3, in a folder of their own and without an environment, and send answers to its webhooks." };
    private readonly Option<FileInfo?> _output = new("--output", "-o") { Description = "Write the results here, in promptfoo's version 3. Default: the configuration's outputPath, when that is JSON.", HelpName = "FILE" };

    private readonly Option<FileInfo?> _junit = new("--junit") { Description = "Write the rows here, as JUnit XML with the reasons of failures.", HelpName = "FILE" };

    public static Command Create(Terminal terminal)
    {
        var own = new PromptfooCommand();
        own._mode.AcceptOnlyFromAmong("strict", "compat");
        own._concurrency.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() is < 1 or > 256)
            {
                result.AddError("--concurrency is a number from 1 to 256.");
            }
        });
        own._retries.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 0 or > 20)
            {
                result.AddError("--retries is a number from 0 to 20.");
            }
        });
        own._first.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--filter-first-n is a number from 1 on.");
            }
        });
        return new Verb("evaluate-promptfoo", "Run a promptfoo configuration. Exits 0 when every row passes, 1 when one fails, 2 when the configuration would not be run as written, 3 when a row is an error.",
            "model-migrate evaluate-promptfoo --config promptfooconfig.yaml",
            "model-migrate evaluate-promptfoo -c promptfooconfig.yaml --mode compat -j 8 --output results.json") { own._file, own._mode, own._concurrency, own._retries, own._pattern, own._first, own._scripts, own._output, own._junit }
            .Runs(terminal, own.RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var (file, mode) = (context.Parsed.GetValue(_file)!, context.Parsed.GetValue(_mode) == "compat" ? PromptfooMode.Compat : PromptfooMode.Strict);
        if (!file.Exists)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read {file.FullName}. Name your file with --config.");
        }

        var filter = new TestFilter(context.Parsed.GetValue(_pattern), context.Parsed.GetValue(_first));
        using var files = new PromptfooFiles(file.DirectoryName!, context.Terminal.Environment);
        var (config, problems) = PromptfooReader.Read(file.Name, files.Open, context.Terminal.Environment, mode, filter, context.Parsed.GetValue(_scripts), files.List);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem.ToString());
        }

        if (config is null)
        {
            return ExitCode.Usage;
        }

        if (config.Rows == 0)
        {
            return context.Fail(ExitCode.Usage, "No test is left to run: the filter matches none, or every test is limited to models or prompts that are not asked together. Correct --filter-pattern, or the tests' providers and prompts.");
        }

        using var scripts = config.Languages.Count == 0 ? null : new ScriptPool(context.Terminal.Environment("PATH"), new ScriptLimits(), context.Terminal.Time);
        if (config.Languages.Select(language => scripts!.Prepare(language)).FirstOrDefault(static wrong => wrong is not null) is { } missing)
        {
            return context.Fail(ExitCode.Usage, missing);
        }

        try
        {
            return await RunAsync(context, config, mode, scripts);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            return context.Fail(ExitCode.Infrastructure, "Stopped: nothing is judged.");
        }
        catch (InvalidDataException changed)
        {
            return context.Fail(ExitCode.Infrastructure, changed.Message);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Infrastructure, $"The results cannot be written: {unwritable.Message}");
        }
    }

    private async Task<ExitCode> RunAsync(CommandContext context, PromptfooConfig config, PromptfooMode mode, ScriptPool? scripts)
    {
        var options = new RunOptions { Concurrency = context.Parsed.GetValue(_concurrency) ?? config.MaxConcurrency ?? PromptfooConcurrency, Retries = context.Parsed.GetValue(_retries), Timeout = config.Timeout ?? new RunOptions().Timeout };
        var time = context.Terminal.Time;
        var (began, start, last) = (time.GetUtcNow(), time.GetTimestamp(), time.GetTimestamp());
        var (totals, bad) = (new PromptfooTotals(), new List<string>());
        await using var file = Create(context.Parsed.GetValue(_output) ?? (config.OutputPath is { } path ? new FileInfo(path) : null));
        await using var report = Create(context.Parsed.GetValue(_junit));
        using var junit = report is null ? null : new PromptfooJUnit(report, config, config.Description ?? context.Parsed.GetValue(_file)!.Name);
        await using var written = file is null ? null : new StreamWriter(file);
        List<PromptfooResults> results = [.. new[] { written, context.Json ? context.Terminal.Out : null }.OfType<TextWriter>().Select(to => new PromptfooResults(to, began))];
        GradingSum grading;
        using (var run = new PromptfooRun(config, mode, options, time, scripts))
        {
            await run.RunAsync(
                row =>
                {
                    totals.Add(row);
                    results.ForEach(each => each.Add(row));
                    junit?.Add(row);
                    if (!row.IsPass && bad.Count < MostShown)
                    {
                        bad.Add(Line(row, config));
                    }

                    if (time.GetElapsedTime(last) >= s_pace)
                    {
                        last = time.GetTimestamp();
                        context.Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{totals.Whole.Rows} of {config.Rows} rows"));
                    }
                },
                context.Cancellation);
            grading = GradingSum.Of(run.Grading.Select(static each => each.Cost));
        }

        foreach (var each in results)
        {
            each.End(config, totals, time.GetElapsedTime(start), grading);
            each.Dispose();
        }

        junit?.End();
        if (context.Json)
        {
            await context.Terminal.Out.WriteLineAsync();
        }

        bad.ForEach(context.Say);
        if (grading.Calls > 0)
        {
            context.Say(string.Create(CultureInfo.InvariantCulture, $"Judging, apart from the answers: {grading.Calls} calls, {grading.InputTokens + grading.OutputTokens} tokens, {(grading.Dollars is { } dollars ? $"{dollars:0.######} US dollars" : "cost unknown")}."));
        }

        return Say(context, totals, config);
    }

    private static string Line(PromptfooRow row, PromptfooConfig config) =>
        $"{(row.Error is null ? "FAIL " : "ERROR")} test {row.TestIndex + 1}{(row.Test.Description is { } name ? $" ({name})" : "")}, {config.Name(row.Provider, row.Prompt)}: {OneLine(row.Error ?? row.Grade!.Reason)}";

    private static ExitCode Say(CommandContext context, PromptfooTotals totals, PromptfooConfig config)
    {
        foreach (var (provider, prompt, sums) in totals.Arms.Values)
        {
            var derived = DerivedMetric.Of(config.DerivedMetrics, sums.NamedScores, sums.Rows);
            context.Say(string.Create(CultureInfo.InvariantCulture, $"{config.Name(provider, prompt)}: {sums.Passed} of {sums.Rows} pass{(sums.MeanScore is { } mean ? $", mean score {mean:0.####}" : "")}{string.Concat(derived.Values.Select(static each => string.Create(CultureInfo.InvariantCulture, $", {each.Key} {each.Value:0.####}")))}"));
            foreach (var sentence in derived.Lacking)
            {
                context.Say($"{config.Name(provider, prompt)}: {sentence}");
            }
        }

        var whole = totals.Whole;
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{whole.Passed} passed, {whole.Failed} failed, {whole.Errors} errors of {whole.Rows} rows{(whole.Bare > 0 ? $"; {whole.Bare} rows have no assertion" : "")}."));
        return whole.Errors > 0 ? ExitCode.Infrastructure : whole.Failed > 0 ? ExitCode.Negative : ExitCode.Ok;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is var line && line.Length > 300 ? line[..300] + "…" : line;

    private static FileStream? Create(FileInfo? file) => file is null ? null : new FileStream(file.FullName, FileMode.Create, FileAccess.Write, FileShare.Read, FileBuffer);
}
