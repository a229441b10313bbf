using System.Globalization;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>
/// Measures one model, or two in turn: round by round the one, then the other, beginning with each as often, with the same prompts, so that an hour in which the network is slow is
/// slow for both.
/// </summary>
/// <param name="arms">One or two.</param>
/// <param name="prompts">At least one, asked in turn.</param>
/// <param name="options">How.</param>
/// <param name="open">Makes the client of a model's place.</param>
/// <param name="time">The clock that measures.</param>
public sealed class PerformanceRun(
    IReadOnlyList<ComparedArm> arms, IReadOnlyList<DatasetRow> prompts, PerformanceOptions options, Func<ModelSnapshot, IModelClient> open, TimeProvider time)
{
    private readonly MeasuredArm[] _arms = [.. arms.Select(arm => new MeasuredArm(arm, options, open, time))];
    private readonly CostLimit _limit = new(options.MaxCost);
    private readonly long _began = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private long _done;
    private decimal _spent;

    /// <summary>Runs to its end, or to the first reason to stop; what was measured till then is in the report. <paramref name="progress"/> hears after every round.</summary>
    public async Task<PerformanceReport> RunAsync(Action<RunProgress>? progress, CancellationToken cancel)
    {
        var end = RunEnd.Whole;
        long next = 0;
        foreach (var batch in options.Batches)
        {
            foreach (var arm in _arms)
            {
                arm.Begin(batch);
            }

            for (var round = 0; round < options.Warmup + options.Iterations && end.Kind == RunEndKind.Whole; round++)
            {
                var rows = Enumerable.Range(0, batch).Select(i => prompts[(int)((next + i) % prompts.Count)]).ToList();
                next += batch;
                end = await RoundAsync(rows, round, progress, cancel);
            }

            if (end.Kind != RunEndKind.Whole)
            {
                break;
            }
        }

        return new PerformanceReport
        {
            Models = [.. _arms.Select(static arm => arm.Figures())],
            Warmup = options.Warmup,
            Iterations = options.Iterations,
            LimitMs = options.Limit.TotalMilliseconds,
            Prompts = prompts.Count,
            StartedAt = _startedAt,
            End = end.Kind,
            IncompleteBecause = end.Kind == RunEndKind.Whole ? null : end.Message,
        };
    }

    private async Task<RunEnd> RoundAsync(List<DatasetRow> rows, int round, Action<RunProgress>? progress, CancellationToken cancel)
    {
        foreach (var arm in round % 2 == 0 ? _arms : _arms.Reverse())
        {
            var most = arm.Most(rows);
            if (!_limit.TryReserve(most))
            {
                return new RunEnd(RunEndKind.Budget, string.Create(
                    CultureInfo.InvariantCulture, $"The limit of ${options.MaxCost} ended the run before a round of {rows.Count} calls, which may cost ${most:0.######} at most. Raise --max-cost, or measure less."));
            }

            var (cost, stop) = await arm.RoundAsync(rows, round < options.Warmup, cancel);
            _limit.Settle(most, cost);
            if (stop is not null)
            {
                return new RunEnd(RunEndKind.Unreachable, stop);
            }

            _spent += cost;
            _done += rows.Count;
            progress?.Invoke(Progress());
        }

        return RunEnd.Whole;
    }

    private RunProgress Progress()
    {
        var (all, seconds) = (options.Calls * _arms.Length, time.GetElapsedTime(_began).TotalSeconds);
        var rate = seconds > 0 ? _done / seconds : 0;
        return new RunProgress(_done, all, rate, rate > 0 ? TimeSpan.FromSeconds(Math.Min((all - _done) / rate, 86_400 * 365)) : null, _spent);
    }
}
