using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Commands.Checking;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Output;
using Spectre.Console;

namespace ModelMigrate.Evaluating;

/// <summary>Writes a comparison's result: the file, the JSON or the table, and the exit code.</summary>
internal static class EvaluationOutput
{
    private const string FileName = "result.json";

    public static async Task<ExitCode> WriteAsync(CommandContext context, EvaluationResult result, string folder)
    {
        var (file, json) = (Path.Combine(folder, FileName), result.ToJson());
        try
        {
            // Whole or not at all: a reader must not find half of it.
            await File.WriteAllTextAsync(file + ".new", json, context.Cancellation);
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return context.Fail(ExitCode.Infrastructure, $"The result cannot be written: {failed.Message} Free some space or make the folder writable, then run the same command again.");
        }

        if (context.Json)
        {
            await context.Terminal.Out.WriteAsync(json);
        }

        Say(context, result);
        context.Say($"Result: {file}");
        return Code(result);
    }

    /// <summary>Refused only because answers are errors is the provider's failure, any other refusal the asker's.</summary>
    private static ExitCode Code(EvaluationResult result) =>
        result.Gate is { Verdict: GateVerdict.Refused } refused && result.Source!.Errors + result.Target.Errors > 0
        && refused.Refusals.All(static refusal => refusal.Reason == GateRefusalReason.TooManyMissing)
            ? ExitCode.Infrastructure
            : GateWords.Exit(result.Gate!.Verdict);

    /// <summary>For people: figures, arms, verdict.</summary>
    public static void Say(CommandContext context, EvaluationResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("metric", "source", "target", "difference", "95 % interval", "margin", "verdict");
        foreach (var metric in result.Metrics)
        {
            var gate = result.Gate!.Metrics.FirstOrDefault(each => each.Metric == metric.Metric);
            table.AddRow(new[]
            {
                metric.Metric, Number(metric.Source!.Value), Number(metric.Target.Value), Signed(gate?.Difference),
                gate is null ? "-" : $"{Signed(gate.Low)} to {Signed(gate.High)}", Number(gate?.Margin), gate is null ? "-" : Word(gate.Verdict),
            }.Select(static cell => new Text(cell)));
        }

        context.Say(table);
        foreach (var (side, arm) in new[] { ("source", result.Source!), ("target", result.Target) })
        {
            var errors = arm.Errors == 0 ? "no errors" : $"{arm.Errors} errors ({string.Join(", ", arm.ErrorsByKind.Select(static kind => $"{kind.Value} x {kind.Key}"))})";
            context.Say(string.Create(
                CultureInfo.InvariantCulture, $"{side} {arm.Model}: {arm.Answers} answers, {errors}, {arm.Retried} retried, {arm.InputTokens} + {arm.OutputTokens} tokens{(arm.Cost is { } cost ? $", ${cost:0.00####}" : "")}"));
        }

        foreach (var graded in result.Grading ?? [])
        {
            context.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"grading {graded.Metric} by {graded.Judge}: {graded.Calls} calls, {graded.Missing} of {graded.Cases} without a verdict, {graded.InputTokens} + {graded.OutputTokens} tokens{(graded.Cost is { } spent ? $", ${spent:0.00####}" : "")}{Belief(graded)}"));
        }

        if (result.IncompleteBecause is { } because)
        {
            context.Say($"Not complete: {because}");
        }

        foreach (var metric in result.Gate!.Metrics)
        {
            context.Say($"{metric.Metric}: {metric.Reason}");
        }

        context.Say($"{Word(result.Gate.Verdict).ToUpperInvariant()}{(result.Gate.Recommendation is { } advice ? $", {Word(advice)}" : "")}. {result.Gate.Reason}");
    }

    /// <summary>How far a judge of pairs can be believed.</summary>
    private static string Belief(GradingFigures graded) => graded.Consistency is not { } consistency ? "" : string.Create(
        CultureInfo.InvariantCulture, $"; both orders agree in {consistency:P0}{(graded.FirstPosition is { } first ? string.Create(CultureInfo.InvariantCulture, $", {first:P0} for the answer in front") : "")}");

    private static string Word(GateVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Word(Recommendation recommendation) => recommendation switch
    {
        Recommendation.Recommended => "recommended",
        Recommendation.Caution => "caution",
        Recommendation.NotRecommended => "not recommended",
    };

    private static string Number(double? value) => value is { } number ? number.ToString("0.####", CultureInfo.InvariantCulture) : "-";

    private static string Signed(double? value) => value is { } number ? number.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture) : "-";
}
