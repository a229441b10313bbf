using System.CommandLine;
using Microsoft.Data.Sqlite;
using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Pairing;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary><c>merge</c>: the folders of a comparison's shards become one, and are judged. No model is asked.</summary>
internal static class MergeCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("folders") { Description = "The folders of all shards.", Arity = ArgumentArity.OneOrMore };
        var into = FlowArguments.Out();
        return new Verb("merge", "Put the shards of a comparison together and judge them. Exits as compare does; 2 when a shard is missing or is of another comparison.",
            "model-migrate merge --out whole shard-1 shard-2 shard-3",
            "model-migrate merge --out whole shard-* --json") { folders, into }
            .Runs(terminal, context => RunAsync(context, context.Parsed.GetValue(folders)!, context.Parsed.GetValue(into)!));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string[] folders, string into)
    {
        var (plans, problems) = (new List<string>(), new List<string>());
        foreach (var folder in folders)
        {
            if (!File.Exists(EvaluationStore.FileOf(folder)))
            {
                problems.Add($"{folder} holds no results; name the folder that a shard was written to with --out.");
            }
            else if (Path.GetFullPath(folder) == Path.GetFullPath(into))
            {
                problems.Add($"{folder} is the folder that is written to; name another one with --out.");
            }
            else if (EvaluationStore.TryOpen(folder, out var problem) is { } shard)
            {
                using (shard)
                {
                    plans.Add(shard.NewestPlan() ?? "");
                }
            }
            else
            {
                problems.Add(problem);
            }
        }

        if (problems.Count == 0 && plans.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            var other = plans.FindIndex(plan => plan != plans[0]);
            problems.Add($"{folders[0]} and {folders[other]} are of unlike comparisons: another data set, model, metric, margin or setting. Run all shards with the same command but for --shard and --out.");
        }

        if (File.Exists(EvaluationStore.FileOf(into)))
        {
            problems.Add($"{into} holds results already; name a new folder with --out.");
        }

        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return problems.Count > 0 ? ExitCode.Usage : await MergeAsync(context, folders, plans[0], into);
    }

    private static async Task<ExitCode> MergeAsync(CommandContext context, string[] folders, string json, string into)
    {
        if (EvaluationPlan.TryRead(json) is not { } plan)
        {
            return context.Fail(ExitCode.Usage, $"{folders[0]} does not say what was compared, or a newer program wrote it; run its shard again.");
        }

        if (plan.TryMetrics(out var unlike) is not { } metrics)
        {
            return context.Fail(ExitCode.Usage, unlike);
        }

        if (EvaluationStore.TryOpen(into, out var problem) is not { } store)
        {
            return context.Fail(ExitCode.Infrastructure, problem);
        }

        using (store)
        {
            try
            {
                var scope = store.Scope(plan, metrics);
                store.Keep(json);
                foreach (var folder in folders)
                {
                    if (store.Take(folder, scope, (plan.DatasetHash, plan.SourceKey, plan.TargetKey)) is { } twice)
                    {
                        return context.Fail(ExitCode.Usage, twice);
                    }
                }

                var result = await ComparisonResult.OfAsync(plan, store, scope, "", dataset: null, timing: null, context.Cancellation);
                return await EvaluationOutput.WriteAsync(context, result, into);
            }
            catch (SqliteException failed)
            {
                return context.Fail(ExitCode.Infrastructure, EvaluationStore.Broken(store.File, failed));
            }
        }
    }
}
