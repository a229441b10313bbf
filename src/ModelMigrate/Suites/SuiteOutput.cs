using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Suites.Reports;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Core.Suites.Reading;
using ModelMigrate.Core.Suites.Smoke;
using ModelMigrate.Output;

namespace ModelMigrate.Suites;

/// <summary>Says how a run of suites goes, and writes what came of it.</summary>
internal sealed class SuiteOutput(CommandContext context, SuiteOptions options)
{
    private const string SummaryVariable = "GITHUB_STEP_SUMMARY";
    private const int MostAnswer = 300;

    private bool _isSmoke;

    /// <summary>One suite that is through.</summary>
    public void Say(Suite suite, IReadOnlyList<CaseResult> results)
    {
        _isSmoke |= suite.Cases.Any(static each => each is SmokeCase);
        context.Say($"{suite.Name} ({SuiteWords.Of(suite.Level)}, {SuiteWords.Of(suite.Tier)})");
        var width = results.Max(static each => each.Name.Length);
        foreach (var each in results)
        {
            var isPlain = each is { Outcome: CaseOutcome.Pass, Flaky: false };
            context.Say(string.Create(
                CultureInfo.InvariantCulture, $"  {SuiteFigures.Word(each),-7} {each.Name.PadRight(width)} {each.Milliseconds,8:0} ms  {(isPlain ? each.Share : OneLine(SuiteFigures.Reason(each)))}").TrimEnd());
            if (each.Tries.FirstOrDefault(one => one.Outcome != CaseOutcome.Pass && one.Answer is not null) is { Answer: { } answer })
            {
                context.Say($"          the answer: {OneLine(answer)}");
            }
        }
    }

    public async Task<ExitCode> WriteAsync(SuiteReport report)
    {
        if (_isSmoke)
        {
            context.Say(SmokeSuite.IsNot);
        }

        context.Say(SuiteFigures.Sum(report));
        context.WriteJson(report);
        try
        {
            if (options.JUnit is { } junit)
            {
                await File.WriteAllTextAsync(junit.FullName, SuiteJUnit.Write(report), context.Cancellation);
            }

            if (options.Markdown is { } markdown)
            {
                await File.WriteAllTextAsync(markdown.FullName, SuiteMarkdown.Write(report), context.Cancellation);
            }

            if (options.GitHub)
            {
                await context.People.WriteAsync(SuiteAnnotations.Write(report, options.File is { } file ? Path.GetRelativePath(Directory.GetCurrentDirectory(), file.FullName).Replace('\\', '/') : null));
                if (context.Terminal.Environment(SummaryVariable) is { } summary)
                {
                    await File.AppendAllTextAsync(summary, SuiteMarkdown.Write(report), context.Cancellation);
                }
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Infrastructure, $"The report cannot be written: {unwritable.Message}");
        }

        return report.Outcome == CaseOutcome.Pass && options.FailsOnFlaky && report.Flaky > 0
            ? context.Fail(ExitCode.Negative, "A case passes only sometimes, and --fail-on-flaky was asked.")
            : Code(report.Outcome);
    }

    private static ExitCode Code(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Pass => ExitCode.Ok,
        CaseOutcome.Fail => ExitCode.Negative,
        CaseOutcome.Inconclusive => ExitCode.Undecided,
        CaseOutcome.Error => ExitCode.Infrastructure,
        CaseOutcome.Refused => ExitCode.Usage,
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is var line && line.Length > MostAnswer ? line[..MostAnswer] + "…" : line;
}
