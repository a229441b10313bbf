using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Judging;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Storing;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>
/// Has programs and judges score every kept answer that they have not scored yet. Each score is on the disk before it counts, with what it cost, so that a run that was
/// killed asks for none of them twice. Owned by one command.
/// </summary>
/// <param name="dataset">The rows again.</param>
/// <param name="plan">What is compared.</param>
/// <param name="options">How many cases at once, and which.</param>
/// <param name="store">Where answers and scores are.</param>
/// <param name="scope">What of it.</param>
/// <param name="graders">One for each metric that is graded, in the plan's order.</param>
/// <param name="limit">What all judges may cost together.</param>
/// <param name="time">Measures the rate.</param>
public sealed class GradingRun(
    Dataset dataset, EvaluationPlan plan, RunOptions options, EvaluationStore store, StoreScope scope, IReadOnlyList<AnswerGrader> graders, CostLimit limit, TimeProvider time) : IDisposable
{
    private const int MostTogether = 64;

    /// <summary>So many cases that the judge could not be asked, and none before that it could: nobody is there.</summary>
    private const int MostInVain = 10;

    private readonly RunClock _clock = new(time);
    private readonly CancellationTokenSource _noMore = new();
    private int _inVain;
    private RunEnd? _end;

    /// <summary>Runs to its end. Cancelled, it keeps what it has. <paramref name="progress"/> hears after every write.</summary>
    public async Task<RunEnd> RunAsync(Action<RunProgress>? progress, CancellationToken cancel)
    {
        var lacking = store.Ungraded(scope, plan.Rows, plan.Repeats);
        if (lacking == 0)
        {
            return RunEnd.Whole;
        }

        limit.Settle(0, store.SpentOnGrading(scope));
        _clock.Begin(0, lacking);
        var graded = Channel.CreateBounded<IReadOnlyList<GradedAnswer>>(MostTogether * 4);
        var writing = WriteAsync(graded.Reader, progress);
        try
        {
            // What is under way when it stops is paid for, so only the taking is stopped.
            await Parallel.ForEachAsync(
                CasesAsync(cancel), new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancel }, async (at, _) => await GradeAsync(at, graded.Writer, cancel));
        }
        finally
        {
            graded.Writer.Complete();
            await writing;
        }

        return _end ?? RunEnd.Whole;
    }

    public void Dispose() => _noMore.Dispose();

    private async IAsyncEnumerable<GradingCase> CasesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var row in dataset.ReadAsync(new DatasetProblems(), plan.DatasetHash, cancel))
        {
            for (var repeat = 0; repeat < plan.Repeats && options.Shard.Has(row.Number) && row.Number < plan.Rows; repeat++)
            {
                if (_noMore.IsCancellationRequested)
                {
                    yield break;
                }

                yield return new GradingCase(row, repeat, store.Find(scope, ArmRole.Source, row.Number, repeat), store.Find(scope, ArmRole.Target, row.Number, repeat));
            }
        }
    }

    private async Task GradeAsync(GradingCase at, ChannelWriter<IReadOnlyList<GradedAnswer>> into, CancellationToken cancel)
    {
        for (var i = 0; i < graders.Count && !_noMore.IsCancellationRequested; i++)
        {
            var metric = scope.Graded[i];
            var lacking = new[] { ArmRole.Source, ArmRole.Target }.Where(role => at.Answer(role) is not null && !store.HasScore(scope, metric.Number, role, at.Row.Number, at.Repeat)).ToList();
            if (lacking.Count == 0)
            {
                continue;
            }

            var graded = await graders[i].GradeAsync(at, lacking, cancel);

            // A judge's verdict on both answers is kept whole or not at all.
            await into.WriteAsync([.. graded.Scores.Select(score => new GradedAnswer(at.Row.Number, at.Repeat, score.Role, metric.Number, score.Score, score.Note))], CancellationToken.None);
            Heed(graded, metric, at.Row);
        }
    }

    private void Heed(Graded graded, ScopedMetric metric, DatasetRow row)
    {
        if (graded.Failure == JudgeFailure.CostLimit)
        {
            Stop(RunEndKind.Budget, string.Create(
                CultureInfo.InvariantCulture,
                $"The grading budget ended the run at row {row.Id}, before {metric.Metric.Definition.Id} was graded. Raise it (--grading-budget, or gradingBudget in the file) and run the same command again; what is there is kept."));
        }
        else if (graded.Failure != JudgeFailure.Unreachable)
        {
            if (graded.Scores.Any(static score => score.Note is { Cost.Calls: > 0 }))
            {
                Volatile.Write(ref _inVain, int.MinValue);
            }
        }
        else if (Interlocked.Increment(ref _inVain) >= MostInVain)
        {
            Stop(RunEndKind.Unreachable, $"The judge {metric.Grading!.Judge} could not be asked for the first {MostInVain} cases, the last time: {graded.Why} When it is there, run the same command with --retry-errors.");
        }
    }

    /// <summary>The only writer. After a write that failed it takes the rest and throws it away, so that nobody waits for it.</summary>
    private async Task WriteAsync(ChannelReader<IReadOnlyList<GradedAnswer>> from, Action<RunProgress>? progress)
    {
        var batch = new List<GradedAnswer>(MostTogether);
        var isBroken = false;
        while (await from.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostTogether && from.TryRead(out var items))
            {
                batch.AddRange(items);
            }

            try
            {
                if (!isBroken && batch.Count > 0)
                {
                    store.Write(scope, batch);
                    progress?.Invoke(_clock.Add(batch.Count, batch.Sum(static item => item.Note?.Cost.Dollars ?? 0)));
                }
            }
            catch (SqliteException failed)
            {
                isBroken = true;
                Stop(RunEndKind.Store, EvaluationStore.Broken(store.File, failed));
            }
        }
    }

    /// <summary>The first reason stands.</summary>
    private void Stop(RunEndKind kind, string message)
    {
        Interlocked.CompareExchange(ref _end, new RunEnd(kind, message), null);
        _noMore.Cancel();
    }
}
