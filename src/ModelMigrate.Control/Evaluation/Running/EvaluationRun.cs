using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Storing;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Control.Evaluation.Running;

/// <summary>
/// Asks both models every row that has no kept answer yet, both at the same moment, and keeps each answer as soon as it is there. What is asked, kept and
/// counted depends on the rows alone, so that a run that was killed at any point ends like one that was not.
/// </summary>
public sealed class EvaluationRun : IDisposable
{
    /// <summary>Answers in one transaction, at most: as many as came while the last one was written.</summary>
    private const int MostTogether = 64;

    private readonly Dataset _dataset;
    private readonly EvaluationPlan _plan;
    private readonly RunOptions _options;
    private readonly EvaluationStore _store;
    private readonly StoreScope _scope;
    private readonly TimeProvider _time;
    private readonly ProviderConnections _connections;
    private readonly ArmAsker[] _arms;
    private readonly CostLimit _budget;
    private readonly RunClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _noMore = new();
    private RunEnd? _end;

    public EvaluationRun(
        Dataset dataset, EvaluationPlan plan, ComparedArm source, ComparedArm target, AskSettings settings, RunOptions options, EvaluationStore store, StoreScope scope, TimeProvider time)
    {
        (_dataset, _plan, _options, _store, _scope, _time) = (dataset, plan, options, store, scope, time);
        _connections = new ProviderConnections(time);
        var cache = options.UsesCache && store.HasAnswers() ? store : null;
        var metrics = scope.Scored.Select(static metric => metric.Metric).ToList();
        _arms = [.. new[] { source, target }.Select(arm => new ArmAsker(arm, settings, metrics, options, cache, _connections, time))];
        _budget = new CostLimit(options.Budget);
        _clock = new RunClock(time);
    }

    /// <summary>Runs to its end. Cancelled, it stops asking and keeps what it has. <paramref name="progress"/> hears after every write.</summary>
    public async Task<RunEnd> RunAsync(Action<RunProgress>? progress, CancellationToken cancel)
    {
        if (_options.RetriesErrors)
        {
            _store.ForgetErrors(_scope);
        }

        await new Rescoring(_dataset, _store, _scope, _plan.Repeats).RunAsync(cancel);
        _budget.Settle(0, _store.Spent(_scope));
        var done = _store.Done(_scope, _plan.Repeats);
        _clock.Begin(done.Count, _options.Shard.CountOf(_plan.Rows) * _plan.Repeats * 2);

        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(asking.Token, _noMore.Token);
        var rows = Channel.CreateBounded<(DatasetRow Row, int Repeat)>(_options.Concurrency * 2);
        var finished = Channel.CreateBounded<FinishedAnswer>(MostTogether * 4);
        var writing = WriteAsync(finished.Reader, progress);
        var reading = ReadAsync(rows.Writer, done, taking.Token);
        await Task.WhenAll(Enumerable.Range(0, _options.Concurrency).Select(_ => AskAsync(rows.Reader, finished.Writer, done, taking.Token, asking.Token)).Append(reading));
        finished.Writer.Complete();
        await writing;
        cancel.ThrowIfCancellationRequested();
        return _end ?? RunEnd.Whole;
    }

    public void Dispose()
    {
        _connections.Dispose();
        _stop.Dispose();
        _noMore.Dispose();
    }

    /// <summary>Hands out the rows that lack an answer.</summary>
    private async Task ReadAsync(ChannelWriter<(DatasetRow, int)> into, DoneRows done, CancellationToken cancel)
    {
        try
        {
            var problems = new DatasetProblems();
            await foreach (var row in _dataset.ReadAsync(problems, _plan.DatasetHash, cancel))
            {
                for (var repeat = 0; repeat < _plan.Repeats && _options.Shard.Has(row.Number) && row.Number < _plan.Rows; repeat++)
                {
                    if (!done.Has(row.Number, repeat, 0) || !done.Has(row.Number, repeat, 1))
                    {
                        await into.WriteAsync((row, repeat), cancel);
                    }
                }
            }

            if (problems.Count > 0)
            {
                Stop(RunEndKind.Dataset, $"{_dataset.Path} changed while it was read. Run the same command again, and leave the file alone.");
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
        finally
        {
            into.Complete();
        }
    }

    private async Task AskAsync(ChannelReader<(DatasetRow Row, int Repeat)> from, ChannelWriter<FinishedAnswer> into, DoneRows done, CancellationToken take, CancellationToken cancel)
    {
        try
        {
            await foreach (var (row, repeat) in from.ReadAllAsync(take))
            {
                var asked = _arms.Where(arm => !done.Has(row.Number, repeat, (int)arm.Arm.Role)).ToList();
                var most = asked.Sum(arm => arm.Most(row));
                if (!_budget.TryReserve(most))
                {
                    Stop(RunEndKind.Budget, string.Create(
                        CultureInfo.InvariantCulture,
                        $"The budget of ${_options.Budget} ended the run before row {row.Id}, which may cost ${most:0.######} at most. Raise --budget and run the same command again; what is there is kept."), isUrgent: false);
                    return;
                }

                var paid = await Task.WhenAll(asked.Select(arm => AskAsync(arm, row, repeat, into, cancel)));
                _budget.Settle(most, paid.Sum());
            }
        }
        catch (OperationCanceledException) when (take.IsCancellationRequested)
        {
        }
    }

    /// <summary>Answers what it cost; an answer without usage is reckoned at its most.</summary>
    private async Task<decimal> AskAsync(ArmAsker arm, DatasetRow row, int repeat, ChannelWriter<FinishedAnswer> into, CancellationToken cancel)
    {
        var (answer, stop) = await arm.AskAsync(row, repeat, cancel);
        if (answer is null)
        {
            Stop(RunEndKind.Unreachable, stop!);
            return 0;
        }

        // Paid for: it is kept even when the run stops at this moment.
        await into.WriteAsync(answer, CancellationToken.None);
        return answer.Answer.IsCached || answer.Answer.Error is not null ? 0 : answer.Answer.Cost ?? arm.Most(row);
    }

    /// <summary>The only writer. After a write that failed it takes the rest and throws it away, so that nobody waits for it.</summary>
    private async Task WriteAsync(ChannelReader<FinishedAnswer> from, Action<RunProgress>? progress)
    {
        var batch = new List<FinishedAnswer>(MostTogether);
        var isBroken = false;
        while (await from.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostTogether && from.TryRead(out var item))
            {
                batch.Add(item);
            }

            try
            {
                if (!isBroken)
                {
                    _store.Write(_scope, batch);
                    progress?.Invoke(_clock.Add(batch));
                }
            }
            catch (SqliteException failed)
            {
                isBroken = true;
                Stop(RunEndKind.Store, EvaluationStore.Broken(_store.File, failed));
            }
        }
    }

    /// <summary>The first reason stands. Out of budget, what is under way is waited for: it is paid for.</summary>
    private void Stop(RunEndKind kind, string message, bool isUrgent = true)
    {
        Interlocked.CompareExchange(ref _end, new RunEnd(kind, message), null);
        (isUrgent ? _stop : _noMore).Cancel();
    }
}
