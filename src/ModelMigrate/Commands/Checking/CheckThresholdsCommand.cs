using System.CommandLine;
using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Checking;

/// <summary><c>check-thresholds</c>: what a model reaches against lines.</summary>
internal static class CheckThresholdsCommand
{
    public static Command Create(Terminal terminal)
    {
        var result = new Option<FileInfo>("--result", "-r") { Description = "What evaluate or compare wrote.", HelpName = "FILE", Required = true };
        var thresholds = new Option<string[]>("--threshold", "-t")
        {
            Description = "A line that a metric must hold, in quotes: \"exact>=0.8\" or \"latency<=900\". Several, or once for each.",
            HelpName = "METRIC>=VALUE",
            AllowMultipleArgumentsPerToken = true,
            Required = true,
        };
        var byValue = new Option<bool>("--by-value") { Description = "Compare the value itself and not its 95 % interval: always decides, and as often by chance." };
        return new Verb("check-thresholds", "Check that what a model reaches holds lines. Exits 1 when it does not, 4 when a line is within the interval, 2 when the result cannot be judged.",
            "model-migrate check-thresholds --result result.json --threshold \"exact>=0.8\" \"latency<=900\"",
            "model-migrate check-thresholds --result result.json --threshold \"rougeL>=0.4\" --by-value --json") { result, thresholds, byValue }
            .Runs(terminal, async context =>
            {
                var lines = new List<Threshold>();
                foreach (var text in context.Parsed.GetValue(thresholds) ?? [])
                {
                    if (Threshold.TryParse(text) is not { } line)
                    {
                        return context.Fail(ExitCode.Usage, $"--threshold {text} is no line; write for example --threshold \"exact>=0.8\" or \"latency<=900\", in quotes.");
                    }

                    lines.Add(line);
                }

                if (await ResultFile.ReadAsync(context, context.Parsed.GetValue(result)!, "--result") is not { } read)
                {
                    return ExitCode.Usage;
                }

                var check = ThresholdCheck.Of(read, lines, context.Parsed.GetValue(byValue));
                context.WriteJson(check);
                if (check.Verdict == GateVerdict.Refused)
                {
                    return context.Fail(ExitCode.Usage, check.Reason);
                }

                foreach (var each in check.Thresholds)
                {
                    context.Say($"{GateWords.Of(each.Verdict),-12} {each.Reason}");
                }

                return GateWords.Exit(check.Verdict);
            });
    }
}
