using System.Runtime.CompilerServices;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Control.Evaluation.Promptfoo.Exporting;

/// <summary>The rows of a result: with their answers where the comparison's folder is at hand, else the scores that the result itself keeps.</summary>
public sealed class ComparisonRows : IDisposable
{
    private const int Page = 500;

    private readonly EvaluationResult _result;
    private readonly Dataset? _dataset;
    private readonly EvaluationStore? _store;
    private readonly StoreScope? _scope;

    private ComparisonRows(EvaluationResult result, Dataset? dataset, EvaluationStore? store, StoreScope? scope) => (_result, _dataset, _store, _scope) = (result, dataset, store, scope);

    /// <summary>What of the rows is not at hand, in sentences.</summary>
    public IReadOnlyList<string> NotThere =>
    [
        .. _store is null ? ["The answers, their latencies, costs and errors: the result was written without its evaluation.db beside it, or that is of another comparison."] : Array.Empty<string>(),
        .. _dataset is null ? [_result.WorstCases.Count > 0 ? "The prompts but those of the worst cases: name the data set." : "The prompts: name the data set."] : Array.Empty<string>(),
    ];

    /// <summary>Finds the rows; or null and why there are none.</summary>
    /// <param name="result">What they are of.</param>
    /// <param name="folder">Where the result is, perhaps with what it was made of.</param>
    /// <param name="dataset">What was asked, the very rows; or null.</param>
    /// <param name="problem">What is wrong, and what to do.</param>
    public static ComparisonRows? TryOpen(EvaluationResult result, string folder, Dataset? dataset, out string problem)
    {
        problem = "";
        if (File.Exists(EvaluationStore.FileOf(folder)) && result.Imported is null)
        {
            if (EvaluationStore.TryOpen(folder, out problem) is not { } store)
            {
                return null;
            }

            if (EvaluationPlan.TryRead(store.NewestPlan() ?? "null") is { } plan && IsOf(plan, result) && plan.TryMetrics(out _) is { } metrics)
            {
                return new ComparisonRows(result, dataset, store, store.Scope(plan, metrics));
            }

            store.Dispose();
        }

        problem = result.Samples is null
            ? $"The result holds no scores of single rows, and {Path.GetFileName(EvaluationStore.FileOf(folder))} of the same comparison is not beside it. Leave the result in the folder that --out named."
            : "";
        return problem.Length == 0 ? new ComparisonRows(result, dataset, store: null, scope: null) : null;
    }

    public void Dispose() => _store?.Dispose();

    /// <summary>The rows of one model in the data set's order.</summary>
    internal async IAsyncEnumerable<ExportedRow> ReadAsync(ArmRole role, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var texts = new ExportedTexts(_result, _dataset, cancel);
        foreach (var row in _store is null ? Kept(role) : Stored(role))
        {
            cancel.ThrowIfCancellationRequested();
            var (prompt, reference) = await texts.OfAsync(row.Id);
            yield return row with { Prompt = prompt, Reference = reference };
        }
    }

    private static bool IsOf(EvaluationPlan plan, EvaluationResult result) =>
        plan.DatasetHash == result.Dataset.Hash && plan.Repeats == result.Dataset.Repeats && plan.Source == result.Source?.Model && plan.Target == result.Target.Model
        && plan.Metrics.Select(static metric => metric.Signature).SequenceEqual(result.Metrics.Select(static metric => metric.Signature), StringComparer.Ordinal);

    private IEnumerable<ExportedRow> Stored(ArmRole role)
    {
        for (var (sample, repeat) = (-1L, 0); _store!.Rows(_scope!, role, sample, repeat, Page) is [.., var last] page; (sample, repeat) = (last.Sample, last.Repeat))
        {
            foreach (var row in page)
            {
                yield return new ExportedRow((row.Sample * _result.Dataset.Repeats) + row.Repeat, row.Id, row.Scores)
                {
                    Output = row.Answer.Text, Error = row.Answer.Error is { } kind ? $"{kind}: {row.Answer.Message}" : null, LatencyMs = row.Answer.LatencyMs, IsCached = row.Answer.IsCached,
                    Cost = row.Answer.Cost, InputTokens = row.Answer.InputTokens ?? 0, OutputTokens = row.Answer.OutputTokens ?? 0, Finish = row.Answer.Finish,
                };
            }
        }
    }

    private IEnumerable<ExportedRow> Kept(ArmRole role)
    {
        var (samples, worst) = (_result.Samples!, _result.WorstCases.DistinctBy(static worst => worst.Sample, StringComparer.Ordinal).ToDictionary(static worst => worst.Sample, StringComparer.Ordinal));
        var columns = role == ArmRole.Source ? samples.Source! : samples.Target;
        for (var i = 0; i < samples.Ids.Count; i++)
        {
            var (id, scores) = (samples.Ids[i], (double?[])[.. _result.Metrics.Select(metric => columns.TryGetValue(metric.Metric, out var column) ? column[i] : null)]);
            yield return new ExportedRow(i, id, scores)
            {
                Output = worst.GetValueOrDefault(id) is { } lost ? role == ArmRole.Source ? lost.SourceAnswer : lost.TargetAnswer : null,
                Error = scores.All(static score => score is null) ? "The result has no score of this row." : null,
            };
        }
    }
}
