using ModelMigrate.Commands;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Grading;
using ModelMigrate.Control.Evaluation.Pairing;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Evaluating.Grading;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary>One comparison from its description to its verdict. Everything that can be wrong with it is said, all at once, before a model is asked.</summary>
internal sealed class EvaluationFlow(CommandContext context, EvaluationConfig config, FlowOptions options)
{
    private readonly AskSettings _settings = new() { System = config.System, Temperature = config.Temperature, MaxTokens = config.MaxTokens, Seed = config.Seed, Streams = config.Metrics.Any(static metric => metric.Id == "ttft") };

    /// <param name="problems">What is wrong already.</param>
    public async Task<ExitCode> RunAsync(List<string> problems)
    {
        try
        {
            var models = new ArmChoice(context, options.Models);
            using var graders = new GraderChoice(context, config, models, options.Folder);
            return await PrepareAsync(problems, models, graders) is { } prepared ? await RunAsync(prepared, graders) : ExitCode.Usage;
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            // Not 0: nothing was judged.
            return context.Fail(ExitCode.Infrastructure, "Stopped. What is answered is kept; run the same command again to go on.");
        }
    }

    /// <summary>What can be said of a description that is wrong anyway: its metrics.</summary>
    public async Task<ExitCode> RefuseAsync(List<string> problems)
    {
        using var graders = new GraderChoice(context, config, new ArmChoice(context, options.Models), options.Folder);
        _ = MetricChoice.Find(config.Metrics, graders, [], problems);
        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return ExitCode.Usage;
    }

    private async Task<Prepared?> PrepareAsync(List<string> problems, ArmChoice models, GraderChoice graders)
    {
        var (source, target) = (models.Find(ArmRole.Source, config.Source, problems), models.Find(ArmRole.Target, config.Target, problems));
        var metrics = MetricChoice.Find(config.Metrics, graders, [.. new[] { source, target }.OfType<ComparedArm>()], problems);
        var map = ColumnMap.TryCreate(config.Map, out var wrongMap);
        problems.AddRange(wrongMap.Select(static problem => $"map: {problem}"));
        var filter = RowFilter.TryCreate(config.Filter, out var wrongFilter);
        problems.AddRange(wrongFilter.Select(static problem => $"filter: {problem}"));

        var dataset = new Dataset(config.Dataset, map ?? ColumnMap.None, filter ?? RowFilter.All);
        var wrongRows = new DatasetProblems();
        var data = map is null || filter is null ? null : await dataset.SummarizeAsync(wrongRows, context.Cancellation);
        problems.AddRange(wrongRows.Lines);

        if (data is { WithoutReference: > 0 } && metrics.Where(static each => each.Metric.Definition.Need == MetricNeed.PredictionAndReference).Select(static each => each.Planned.Id).ToList() is { Count: > 0 } needing)
        {
            problems.Add($"{string.Join(", ", needing)} compare with a reference, and {data.WithoutReference} of {data.Rows} rows name none. Map it (reference=COLUMN), or leave those rows out.");
        }

        if (config.Budget is not null && new[] { source, target }.OfType<ComparedArm>().Where(static arm => arm.Model.Cost(1, 1) is null).Select(static arm => arm.Name).ToList() is { Count: > 0 } unpriced)
        {
            problems.Add($"The budget cannot be kept: no price is known of {string.Join(" and ", unpriced)}. Write inputCostPer1k and outputCostPer1k into the catalog entry, or leave the budget out.");
        }

        foreach (var problem in problems)
        {
            await context.Terminal.Error.WriteLineAsync(problem);
        }

        return problems.Count > 0 || source is null || target is null || data is null ? null : new Prepared(dataset, data, source, target, metrics);
    }

    private async Task<ExitCode> RunAsync(Prepared prepared, GraderChoice graders)
    {
        var (dataset, data, source, target, metrics) = prepared;
        var plan = Plan(prepared);
        context.Say(CostEstimate.Say(data, plan.Rows, plan.Repeats, _settings, [source, target]));
        foreach (var judged in graders.Judged)
        {
            context.Say(CostEstimate.Say(data, plan.Rows * plan.Repeats, judged));
        }

        if (EvaluationStore.TryOpen(options.Out, out var problem) is not { } store)
        {
            return context.Fail(ExitCode.Infrastructure, problem);
        }

        using (store)
        {
            var scope = store.Scope(plan, [.. metrics.Select(static each => each.Metric)]);
            store.Keep(plan.ToJson());
            var run = new RunOptions
            {
                Concurrency = config.Concurrency, Retries = config.Retries, Timeout = config.Timeout, Budget = config.Budget, UsesCache = options.UsesCache,
                RetriesErrors = options.RetriesErrors, Shard = options.Shard, Seed = config.DrawSeed,
            };
            var began = context.Terminal.Time.GetUtcNow();
            var progress = new ProgressLine(context.Terminal);
            RunEnd end;
            using (var asking = new EvaluationRun(dataset, plan, source, target, _settings, run, store, scope, context.Terminal.Time))
            {
                end = await asking.RunAsync(progress.Say, context.Cancellation);
            }

            progress.End();
            if (end.Kind == RunEndKind.Whole && graders.Graders.Count > 0)
            {
                progress = new ProgressLine(context.Terminal, "grades");
                using var grading = new GradingRun(dataset, plan, run, store, scope, graders.Graders, graders.Limit, context.Terminal.Time);
                end = await grading.RunAsync(progress.Say, context.Cancellation);
                progress.End();
            }

            if (end.Kind != RunEndKind.Whole)
            {
                await context.Terminal.Error.WriteLineAsync(end.Message);
            }

            if (end.Kind is RunEndKind.Unreachable or RunEndKind.Store or RunEndKind.Dataset)
            {
                return end.Kind == RunEndKind.Dataset ? ExitCode.Usage : ExitCode.Infrastructure;
            }

            if (!options.Shard.IsWhole)
            {
                context.Say($"Shard {options.Shard} {(end.Kind == RunEndKind.Whole ? "is asked" : "is not whole")}. Put all of them together with: model-migrate merge --out DIR {options.Out} …");
                return end.Kind == RunEndKind.Whole ? ExitCode.Ok : ExitCode.Usage;
            }

            var ended = context.Terminal.Time.GetUtcNow();
            var timing = new EvaluationTiming { StartedAt = began, EndedAt = ended, Seconds = (ended - began).TotalSeconds };
            var result = await ComparisonResult.OfAsync(plan, store, scope, end.Message, dataset, timing, context.Cancellation);
            return await EvaluationOutput.WriteAsync(context, result, options.Out);
        }
    }

    private EvaluationPlan Plan(Prepared prepared)
    {
        var rows = Math.Min(config.Limit ?? long.MaxValue, prepared.Data.Rows);
        return new EvaluationPlan
        {
            Dataset = Path.GetFileName(config.Dataset.TrimEnd('/', Path.DirectorySeparatorChar)),
            DatasetHash = prepared.Data.Hash,
            Rows = rows,
            LeftOut = prepared.Data.Rows - rows + prepared.Data.Dropped,
            Repeats = config.Repeats,
            Source = prepared.Source.Name,
            SourceKey = prepared.Source.Key(_settings),
            Target = prepared.Target.Name,
            TargetKey = prepared.Target.Key(_settings),
            Metrics = [.. prepared.Metrics.Select(static each => each.Planned)],
            Gate = new GateOptions { Alpha = config.Alpha, Seed = config.DrawSeed },
        };
    }

    private sealed record Prepared(Dataset Dataset, DatasetSummary Data, ComparedArm Source, ComparedArm Target, IReadOnlyList<(PlannedMetric Planned, AnswerMetric Metric)> Metrics);
}
