using System.CommandLine;
using System.Globalization;
using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Checking;

/// <summary><c>check-regression</c>: a result against a baseline.</summary>
internal static class CheckRegressionCommand
{
    public static Command Create(Terminal terminal)
    {
        var result = new Option<FileInfo>("--result", "-r") { Description = "What evaluate or compare wrote.", HelpName = "FILE", Required = true };
        var baseline = new Option<FileInfo>("--baseline", "-b") { Description = "What bless wrote.", HelpName = "FILE", Required = true };
        var tolerance = new Option<string[]>("--tolerance", "-t")
        {
            Description = "How much worse is still good enough: of all metrics, or METRIC=T of one. A share of the baseline's value. Default: 0.05.",
            HelpName = "T|METRIC=T",
            AllowMultipleArgumentsPerToken = true,
        };
        var absolute = new Option<bool>("--absolute") { Description = "Tolerances are in the metrics' own units." };
        var least = new Option<int?>("--min-cases") { Description = "With fewer pairs there is no verdict. Default: 50.", HelpName = "N" };
        return new Verb("check-regression", "Check that a result is not worse than a baseline. Exits 1 when it is, 4 when that is not decided, 2 when the two cannot be compared.",
            "model-migrate check-regression --result result.json --baseline baseline.json",
            "model-migrate check-regression --result result.json --baseline baseline.json --tolerance 0.02 --tolerance refusal=0.01 --absolute")
            { result, baseline, tolerance, absolute, least }
            .Runs(terminal, async context =>
            {
                var options = new RegressionOptions { IsAbsolute = context.Parsed.GetValue(absolute), MinimumCases = context.Parsed.GetValue(least) ?? 50 };
                if (Read(context.Parsed.GetValue(tolerance) ?? [], options, out var asked) is { } wrong)
                {
                    return context.Fail(ExitCode.Usage, wrong);
                }

                var (now, before) = (await ResultFile.ReadAsync(context, context.Parsed.GetValue(result)!, "--result"), await ResultFile.ReadAsync(context, context.Parsed.GetValue(baseline)!, "--baseline"));
                if (now is null || before is null)
                {
                    return ExitCode.Usage;
                }

                var gate = RegressionCheck.Of(now, before, asked);
                context.WriteJson(gate);
                GateWords.Say(context, gate);
                return GateWords.Exit(gate.Verdict);
            });
    }

    /// <summary>What is wrong with the tolerances, or null.</summary>
    private static string? Read(IReadOnlyList<string> texts, RegressionOptions options, out RegressionOptions read)
    {
        read = options;
        var own = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var at = text.LastIndexOf('=');
            if (!double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || value < 0 || at == 0)
            {
                return $"--tolerance {text} is no number from 0 on; write --tolerance 0.02, or --tolerance exact=0.02.";
            }

            if (at < 0)
            {
                read = read with { Tolerance = value };
            }
            else if (!own.TryAdd(text[..at], value))
            {
                return $"--tolerance {text[..at]} stands twice; keep one.";
            }
        }

        read = read with { Tolerances = own };
        return null;
    }
}
