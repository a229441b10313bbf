using System.Globalization;
using ModelMigrate.Commands;
using ModelMigrate.Commands.Checking;
using ModelMigrate.Control.Evaluation.Importing;
using ModelMigrate.Control.Evaluation.Importing.Matching;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating.Existing;

/// <summary>Compares runs that other tools have made, from their files to the verdict. Asks no model.</summary>
/// <param name="context">Where its words go.</param>
/// <param name="source">Which run of the source's file; null when it has one.</param>
/// <param name="target">Which run of the target's file.</param>
/// <param name="folder">Where the result is written; null for nowhere.</param>
internal sealed class FileComparison(CommandContext context, string? source, string? target, string? folder)
{
    private const string FileName = "result.json";

    public async Task<ExitCode> RunAsync(IReadOnlyList<string> files, PairingRequest request, List<string> problems)
    {
        if (files.Count > 2)
        {
            problems.Add($"Two files are compared, and {files.Count} are named; name the source's and the target's.");
        }

        var read = problems.Count > 0 ? [] : files.Select(file => Read(file, problems)).ToList();
        if (problems.Count > 0)
        {
            return await FailAsync(problems);
        }

        var (first, last) = (read[0]!, read[^1]!);
        var (before, after) = (Choose(first, "--source", source, read.Count == 1, problems), Choose(last, "--target", target, read.Count == 1, problems));
        if (before is null || after is null)
        {
            return await FailAsync(problems);
        }

        if (ReferenceEquals(before, after))
        {
            return await FailAsync([$"--source and --target name one run of {first.File}, {before.Name}; it has {Names(first)}."]);
        }

        return RunComparison.Of(new RunPair(first, before, last, after), request, out var wrong) is { } result ? await WriteAsync(result) : await FailAsync(wrong);
    }

    private static ImportedEvaluation? Read(string file, List<string> problems)
    {
        var read = ResultImporter.TryRead(file, out var wrong);
        if (read is null)
        {
            problems.Add($"{file}: {wrong}");
        }

        return read;
    }

    /// <summary>By its name or, when one run alone has it, its model.</summary>
    private static ImportedRun? Choose(ImportedEvaluation read, string option, string? asked, bool isOnlyFile, List<string> problems)
    {
        if (asked is null && read.Runs.Count == 1 && !isOnlyFile)
        {
            return read.Runs[0];
        }

        var found = asked is null ? [] : read.Runs.Where(run => run.Name == asked).ToList();
        found = found.Count > 0 || asked is null ? found : [.. read.Runs.Where(run => run.Model == asked)];
        if (found.Count == 1)
        {
            return found[0];
        }

        problems.Add(read.Runs.Count == 1 && isOnlyFile ? $"{read.File} holds one run, {read.Runs[0].Name}; name the other one's file, too."
            : asked is null ? $"{read.File} holds {read.Runs.Count} runs: {Names(read)}. Choose with {option}."
            : found.Count == 0 ? $"{option}: {read.File} has no run of {asked}; it has {Names(read)}."
            : $"{option}: {read.File} has {found.Count} runs of {asked}; give their providers labels, {Names(read)} are theirs.");
        return null;
    }

    private static string Names(ImportedEvaluation read) => string.Join(", ", read.Runs.Select(static run => run.Name));

    private async Task<ExitCode> WriteAsync(EvaluationResult result)
    {
        var json = result.ToJson();
        if (context.Json)
        {
            await context.Terminal.Out.WriteAsync(json);
        }

        Say(result);
        if (folder is not null)
        {
            try
            {
                Directory.CreateDirectory(folder);
                var file = Path.Combine(folder, FileName);
                await File.WriteAllTextAsync(file + ".new", json, context.Cancellation);
                File.Move(file + ".new", file, overwrite: true);
                context.Say($"Result: {file}");
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                return context.Fail(ExitCode.Infrastructure, $"The result cannot be written: {failed.Message} Free some space or name another folder, then run the same command again.");
            }
        }

        return GateWords.Exit(result.Gate!.Verdict);
    }

    private void Say(EvaluationResult result)
    {
        var pairs = result.Imported!;
        foreach (var note in pairs.Notes)
        {
            context.Say($"Note: {note}");
        }

        context.Say(pairs.Paired + pairs.OnlySource + pairs.OnlyTarget == 0 ? $"{pairs.Tool}: averages, of cases that need not be the same." : string.Create(
            CultureInfo.InvariantCulture,
            $"{pairs.Tool}: {pairs.Paired} cases are in both runs, {pairs.OnlySource} only in the source{Because(pairs.OnlySourceBecause)}, {pairs.OnlyTarget} only in the target{Because(pairs.OnlyTargetBecause)}."));
        if (result.Gate!.Verdict != GateVerdict.Refused)
        {
            EvaluationOutput.Say(context, result);
            return;
        }

        foreach (var refusal in result.Gate.Refusals)
        {
            context.Terminal.Error.WriteLine(refusal.Message);
        }

        if (result.IncompleteBecause is { } because)
        {
            context.Terminal.Error.WriteLine(because);
        }
    }

    private static string Because(IReadOnlyDictionary<string, long> reasons) => reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons.Select(static reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Value} {Words(reason.Key)}")))})";

    private static string Words(string reason) => reason switch
    {
        "other_prompt" => "with another prompt in the other run",
        "other_checks" => "with other checks in the other run",
        _ => "not in the other run",
    };

    private async Task<ExitCode> FailAsync(IEnumerable<string> problems)
    {
        foreach (var problem in problems.Distinct(StringComparer.Ordinal))
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return ExitCode.Usage;
    }
}
