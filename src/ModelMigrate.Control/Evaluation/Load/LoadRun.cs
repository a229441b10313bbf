using System.Globalization;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Evaluation.Load;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>
/// Puts a model under load. In the open model requests come when the plan says, whatever became of those before, and their time runs from then: a server that stalls is late
/// for all who came meanwhile. Each request is made once.
/// </summary>
public sealed class LoadRun : IDisposable
{
    /// <summary>So many requests that failed, and no answer before: nobody is there.</summary>
    private const int MostInVain = 20;

    // A shorter wait would not wait at all.
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    private readonly ComparedArm _arm;
    private readonly IReadOnlyList<DatasetRow> _prompts;
    private readonly LoadOptions _options;
    private readonly TimeProvider _time;
    private readonly CallTimer _timer;
    private readonly CostLimit _limit;
    private readonly LoadTally _tally;
    private readonly CancellationTokenSource _stop = new();
    private RunEnd? _end;
    private Action? _progress;

    /// <param name="arm">The model.</param>
    /// <param name="prompts">At least one, asked in turn.</param>
    /// <param name="options">The load.</param>
    /// <param name="open">Makes the client of a model's place.</param>
    /// <param name="time">The clock that measures; the load begins now.</param>
    public LoadRun(ComparedArm arm, IReadOnlyList<DatasetRow> prompts, LoadOptions options, Func<ModelSnapshot, IModelClient> open, TimeProvider time)
    {
        // A user has one request under way, so there is a place for each.
        _options = options.Users is { } closed ? options with { MaxInFlight = Math.Max(options.MaxInFlight, closed.Users) } : options;
        (_arm, _prompts, _time) = (arm, prompts, time);
        _timer = new CallTimer(arm.Model, open, options.Limit, time);
        _limit = new CostLimit(options.MaxCost);
        _tally = new LoadTally(_options, time);
    }

    /// <summary>How far it is.</summary>
    public LoadProgress Progress => _tally.Progress();

    /// <summary>Runs until the last request is over. <paramref name="progress"/> hears whenever something happened.</summary>
    public async Task<LoadReport> RunAsync(Action? progress, CancellationToken cancel)
    {
        _progress = progress;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        try
        {
            await (_options.Open is { } shape ? OpenAsync(shape, either.Token) : ClosedAsync(_options.Users!, either.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // Stopped for the reason that is in the end.
        }

        return _tally.Report(_arm.Name, _end ?? RunEnd.Whole);
    }

    public void Dispose() => _stop.Dispose();

    private async Task OpenAsync(LoadShape shape, CancellationToken cancel)
    {
        var sent = new List<Task>();
        long number = 0;
        foreach (var at in ArrivalPlan.Of(shape, _options.Seed))
        {
            await WaitAsync(at, cancel);
            if (Begin(at, number) is { } row)
            {
                sent.Add(AskAsync(at, row, number, cancel));
            }

            if (Volatile.Read(ref _end) is not null)
            {
                break;
            }

            number++;
            _progress?.Invoke();
            if (sent.Count > 2 * _options.MaxInFlight)
            {
                sent.RemoveAll(static task => task.IsCompletedSuccessfully);
            }
        }

        await Task.WhenAll(sent);
    }

    private Task ClosedAsync(LoadUsers users, CancellationToken cancel) => Task.WhenAll(Enumerable.Range(0, users.Users).Select(user => UserAsync(users, user, cancel)));

    private async Task UserAsync(LoadUsers users, int user, CancellationToken cancel)
    {
        await WaitAsync(users.RampUp * user / users.Users, cancel);
        for (var asked = 0; asked < (users.RequestsEach ?? int.MaxValue) && !(_tally.Elapsed >= users.Duration) && Volatile.Read(ref _end) is null; asked++)
        {
            var (at, number) = (_tally.Elapsed, ((long)asked * users.Users) + user);
            if (Begin(at, number) is { } row)
            {
                await AskAsync(at, row, number, cancel);
            }
        }
    }

    /// <summary>The row of a request that may be sent; null when it may not, and that is counted.</summary>
    private DatasetRow? Begin(TimeSpan at, long number)
    {
        var row = _prompts[(int)(number % _prompts.Count)];
        var most = CallPrice.Most(_arm.Model, _options.Settings, row) ?? 0;
        if (!_limit.TryReserve(most))
        {
            Stop(RunEndKind.Budget, string.Create(
                CultureInfo.InvariantCulture, $"The limit of ${_options.MaxCost} ended the load before a request that may cost ${most:0.######} at most. Raise --max-cost, or send fewer."));
            return null;
        }

        if (_tally.TryBegin(at))
        {
            return row;
        }

        _limit.Settle(most, 0);
        return null;
    }

    private async Task AskAsync(TimeSpan at, DatasetRow row, long number, CancellationToken cancel)
    {
        var lag = _tally.Elapsed - at;
        var call = await _timer.AskAsync(_options.Settings.Request(row, repeat: 0), number, cancel);
        _tally.End(at, lag > TimeSpan.Zero ? lag : TimeSpan.Zero, call);
        var most = CallPrice.Most(_arm.Model, _options.Settings, row) ?? 0;
        _limit.Settle(most, call.Cost ?? (call.Error is null ? most : 0));
        if (call.Error is "configuration" or "unknownmodel")
        {
            Stop(RunEndKind.Unreachable, $"The target {_arm.Name} cannot be asked: {call.Message} Correct its provider, key or name.");
        }
        else if (call.Error is not null && _tally.Progress() is { Answered: 0, Failed: >= MostInVain } vain)
        {
            Stop(RunEndKind.Unreachable, $"The target {_arm.Name} answered none of its first {vain.Failed} requests, the last with: {call.Message}");
        }

        _progress?.Invoke();
    }

    private async Task WaitAsync(TimeSpan at, CancellationToken cancel)
    {
        for (var left = at - _tally.Elapsed; left > TimeSpan.Zero; left = at - _tally.Elapsed)
        {
            await Task.Delay(left > s_shortest ? left : s_shortest, _time, cancel);
        }
    }

    /// <summary>The first reason stands. Out of money, what is under way is waited for: it is paid for.</summary>
    private void Stop(RunEndKind kind, string message)
    {
        Interlocked.CompareExchange(ref _end, new RunEnd(kind, message), null);
        if (kind == RunEndKind.Unreachable)
        {
            _stop.Cancel();
        }
    }
}
