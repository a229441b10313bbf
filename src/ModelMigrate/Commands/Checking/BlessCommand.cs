using System.CommandLine;
using System.Globalization;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Output;

namespace ModelMigrate.Commands.Checking;

/// <summary><c>bless</c>: makes a result the baseline that later ones are held against.</summary>
internal static class BlessCommand
{
    public static Command Create(Terminal terminal)
    {
        var result = new Option<FileInfo>("--result", "-r") { Description = "What evaluate or compare wrote.", HelpName = "FILE", Required = true };
        var to = new Option<FileInfo>("--to", "-o") { Description = "The baseline to write; an old one is replaced.", HelpName = "BASELINE", Required = true };
        var anyway = new Option<bool>("--although-failed") { Description = "Also when the result's own gate did not pass." };
        return new Verb("bless", "Make a result the baseline that check-regression holds later ones against. Exits 1 when its own gate failed, 4 when that was inconclusive, 2 when it is not complete.",
            "model-migrate bless --result result.json --to baseline.json") { result, to, anyway }
            .Runs(terminal, async context =>
            {
                var (from, file) = (context.Parsed.GetValue(result)!, context.Parsed.GetValue(to)!);
                if (await ResultFile.ReadAsync(context, from, "--result") is not { } read)
                {
                    return ExitCode.Usage;
                }

                if (Unfit(read, from) is { } unfit)
                {
                    return context.Fail(ExitCode.Usage, unfit);
                }

                if (read.Gate is { Verdict: not GateVerdict.Pass } gate && !context.Parsed.GetValue(anyway))
                {
                    return context.Fail(GateWords.Exit(gate.Verdict), $"{from} is not blessed: its own gate says {GateWords.Of(gate.Verdict)}. {gate.Reason} To do it all the same: --although-failed.");
                }

                try
                {
                    var before = file.Exists ? EvaluationResult.TryRead(await File.ReadAllBytesAsync(file.FullName, context.Cancellation), out _) : null;
                    await WriteAsync(file, Baseline(read), context.Cancellation);
                    foreach (var metric in read.Metrics)
                    {
                        context.Say(Line(metric, before?.Metrics.FirstOrDefault(old => old.Metric == metric.Metric)));
                    }

                    context.Say($"{file} is the baseline now: {read.Target.Model} on {read.Dataset.Name}.");
                    context.WriteJson(new { Baseline = file.ToString(), read.Target.Model, Dataset = read.Dataset.Hash, Metrics = read.Metrics.Select(static metric => new { metric.Metric, metric.Target.Value }) });
                    return ExitCode.Ok;
                }
                catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
                {
                    return context.Fail(ExitCode.Infrastructure, $"--to: cannot write {file}: {unwritable.Message}");
                }
            });
    }

    /// <summary>What no baseline needs is left out: times, and texts of answers, which may be nobody's business.</summary>
    internal static EvaluationResult Baseline(EvaluationResult result) => result with
    {
        Timing = null,
        WorstCases = [],
        Samples = result.Samples is { } samples ? samples with { Source = null } : null,
    };

    private static string? Unfit(EvaluationResult result, FileInfo file) =>
        result.Completeness != DataCompleteness.Complete ? $"{file} is not of a whole run, so it is no baseline. {result.IncompleteBecause}"
        : result.Metrics.Count == 0 ? $"{file} has no metric, so nothing could be held against it; evaluate with a metric."
        : result.Metrics.FirstOrDefault(static metric => metric.Target.Cases == 0) is { } empty ? $"{file} has no score of {empty.Metric}, so nothing could be held against it."
        : null;

    private static string Line(MetricFigures metric, MetricFigures? before) => string.Create(
        CultureInfo.InvariantCulture, $"{metric.Metric}: {metric.Target.Value:0.####} of {metric.Target.Cases} cases{(before?.Target.Value is { } old ? string.Create(CultureInfo.InvariantCulture, $", before {old:0.####}") : "")}");

    /// <summary>Whole or not at all.</summary>
    private static async Task WriteAsync(FileInfo file, EvaluationResult baseline, CancellationToken cancellation)
    {
        var beside = $"{file.FullName}.new";
        await File.WriteAllTextAsync(beside, baseline.ToJson(), cancellation);
        File.Move(beside, file.FullName, overwrite: true);
    }
}
