using System.CommandLine;
using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Promptfoo;
using ModelMigrate.Core.Promptfoo;
using ModelMigrate.Core.Promptfoo.Reading;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary><c>evaluate-promptfoo</c>: a promptfoo configuration as it is. What of it would not be run as written is said before a model is asked.</summary>
internal sealed class PromptfooCommand
{
    private const int MostBytes = 64 << 20;
    private const int MostShown = 20;
    private const int PromptfooConcurrency = 4;

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);

    private readonly Option<FileInfo> _file = new("--config", "-c") { Description = "The configuration.", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("promptfooconfig.yaml") };
    private readonly Option<string> _mode = new("--mode") { Description = "strict: no threshold or weight of 0 turns a failure green. compat: pass, fail and scores as promptfoo 0.121.", HelpName = "MODE", DefaultValueFactory = _ => "strict" };
    private readonly Option<int?> _concurrency = new("--concurrency", "-j") { Description = "Rows under way at once, 1 to 256. Default: the file's, else 4.", HelpName = "N" };
    private readonly Option<int> _retries = new("--retries") { Description = "How often a call that failed in passing is tried again.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<string?> _pattern = new("--filter-pattern") { Description = "Only tests whose description contains this text.", HelpName = "TEXT" };
    private readonly Option<int?> _first = new("--filter-first-n") { Description = "Only so many tests, from the first on.", HelpName = "N" };
    private readonly Option<FileInfo?> _output = new("--output", "-o") { Description = "Write the results here, in promptfoo's version 3.", HelpName = "FILE" };

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
            "model-migrate evaluate-promptfoo -c promptfooconfig.yaml --mode compat -j 8 --output results.json") { own._file, own._mode, own._concurrency, own._retries, own._pattern, own._first, own._output }
            .Runs(terminal, own.RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var (file, mode) = (context.Parsed.GetValue(_file)!, context.Parsed.GetValue(_mode) == "compat" ? PromptfooMode.Compat : PromptfooMode.Strict);
        if (Bytes(file.FullName) is not { } bytes)
        {
            return context.Fail(ExitCode.Usage, $"Cannot read {file.FullName}. Name your file with --config.");
        }

        var (config, problems) = PromptfooReader.Read(file.Name, bytes, name => Bytes(Path.Combine(file.DirectoryName!, name)), context.Terminal.Environment, mode);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem.ToString());
        }

        if (config is null)
        {
            return ExitCode.Usage;
        }

        var tests = config.Tests.Where(test => context.Parsed.GetValue(_pattern) is not { } pattern || test.Description?.Contains(pattern, StringComparison.Ordinal) == true).Take(context.Parsed.GetValue(_first) ?? int.MaxValue).ToList();
        config = config with { Tests = tests };
        var count = PromptfooRun.Count(config);
        if (count == 0)
        {
            return context.Fail(ExitCode.Usage, "No test is left to run: the filter matches none, or every test is limited to models or prompts that are not asked together. Correct --filter-pattern, or the tests' providers and prompts.");
        }

        try
        {
            return await RunAsync(context, config, mode, count);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            return context.Fail(ExitCode.Infrastructure, "Stopped: nothing is judged.");
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Infrastructure, $"The results cannot be written: {unwritable.Message}");
        }
    }

    private async Task<ExitCode> RunAsync(CommandContext context, PromptfooConfig config, PromptfooMode mode, int count)
    {
        var options = new RunOptions { Concurrency = context.Parsed.GetValue(_concurrency) ?? config.MaxConcurrency ?? PromptfooConcurrency, Retries = context.Parsed.GetValue(_retries), Timeout = config.Timeout ?? new RunOptions().Timeout };
        var (time, said) = (context.Terminal.Time, new Lock());
        var (began, start) = (time.GetUtcNow(), time.GetTimestamp());
        var last = start;
        IReadOnlyList<PromptfooRow> rows;
        using (var run = new PromptfooRun(config, mode, options, time))
        {
            rows = await run.RunAsync(done =>
            {
                lock (said)
                {
                    if (time.GetElapsedTime(last) >= s_pace)
                    {
                        last = time.GetTimestamp();
                        context.Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {count} rows"));
                    }
                }
            }, context.Cancellation);
        }

        var took = time.GetElapsedTime(start);
        if (context.Parsed.GetValue(_output) is { } output)
        {
            await using var to = new FileStream(output.FullName, FileMode.Create, FileAccess.Write);
            PromptfooResults.Write(to, config, rows, began, took);
        }

        if (context.Json)
        {
            using var buffer = new MemoryStream();
            PromptfooResults.Write(buffer, config, rows, began, took);
            await context.Terminal.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        }

        return Say(context, rows);
    }

    private static ExitCode Say(CommandContext context, IReadOnlyList<PromptfooRow> rows)
    {
        foreach (var row in rows.Where(static row => !row.IsPass).Take(MostShown))
        {
            context.Say($"{(row.Error is null ? "FAIL " : "ERROR")} test {row.TestIndex + 1}{(row.Test.Description is { } name ? $" ({name})" : "")}, {row.Provider.Label}, prompt {row.PromptIndex + 1}: {OneLine(row.Error ?? row.Grade!.Reason)}");
        }

        foreach (var group in rows.GroupBy(static row => row.PromptIndex).OrderBy(static group => group.Key))
        {
            var (first, scored) = (group.First(), group.Where(static row => row.Error is null).ToList());
            context.Say(string.Create(CultureInfo.InvariantCulture, $"{first.Provider.Label}, prompt {group.Key + 1}: {group.Count(static row => row.IsPass)} of {group.Count()} pass{(scored.Count > 0 ? $", mean score {scored.Average(static row => row.Grade!.Score):0.####}" : "")}"));
        }

        var (passed, errors, bare) = (rows.Count(static row => row.IsPass), rows.Count(static row => row.Error is not null), rows.Count(static row => row.Test.Asserts.Count == 0));
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {rows.Count - passed - errors} failed, {errors} errors of {rows.Count} rows{(bare > 0 ? $"; {bare} rows have no assertion" : "")}."));
        return errors > 0 ? ExitCode.Infrastructure : passed < rows.Count ? ExitCode.Negative : ExitCode.Ok;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is var line && line.Length > 300 ? line[..300] + "…" : line;

    private static byte[]? Bytes(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MostBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
