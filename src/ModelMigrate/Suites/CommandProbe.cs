using System.CommandLine.Parsing;
using ModelMigrate.Commands;
using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Output;

namespace ModelMigrate.Suites;

/// <summary>Runs a command of this program as a case of a suite: its exit code is the verdict, its last words are the reason.</summary>
internal sealed class CommandProbe(CommandContext context, IReadOnlyDictionary<string, string> words)
{
    private const int MostLines = 5;

    /// <summary>Commands that end with a verdict of their own.</summary>
    public static IReadOnlyList<string> Verbs { get; } =
        ["evaluate", "compare", "evaluate-promptfoo", "evaluate-safety", "load-test", "compat", "check-regression", "check-thresholds", "check-safety"];

    public async Task<TryResult> TryAsync(CommandCase each, CancellationToken cancel)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, live: false, context.Terminal.Environment, context.Terminal.Time) { Input = static () => Stream.Null };
        var code = (ExitCode)await CommandLine.RunAsync([.. CommandLineParser.SplitCommandLine(each.Command).Select(Filled)], terminal, cancel);

        // A command that is stopped ends quietly with 0.
        cancel.ThrowIfCancellationRequested();
        return new TryResult(Outcome(code), Words(code == ExitCode.Ok ? "" : error.ToString(), output.ToString()));
    }

    private string Filled(string word)
    {
        foreach (var (name, text) in words)
        {
            word = word.Replace($"{{{name}}}", text, StringComparison.Ordinal);
        }

        return word;
    }

    private static CaseOutcome Outcome(ExitCode code) => code switch
    {
        ExitCode.Ok => CaseOutcome.Pass,
        ExitCode.Negative => CaseOutcome.Fail,
        ExitCode.Usage => CaseOutcome.Refused,
        ExitCode.Infrastructure => CaseOutcome.Error,
        ExitCode.Undecided => CaseOutcome.Inconclusive,
    };

    private static string Words(string error, string output)
    {
        var lines = (error.Trim().Length > 0 ? error : output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "It said nothing." : string.Join(' ', lines.TakeLast(MostLines));
    }
}
