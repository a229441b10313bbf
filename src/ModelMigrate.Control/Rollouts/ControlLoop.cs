using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Control.Rollouts;

/// <summary>
/// The one thread of control: a queue of ticks and verbs, done one after the other. It is this loop that renews the lease, so
/// that when it dies or hangs the data plane notices.
/// </summary>
internal sealed partial class ControlLoop : IAsyncDisposable
{
    /// <summary>How often evidence is folded and the decider asked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Commands that may wait; further ones are refused.</summary>
    private const int Capacity = 1000;

    private readonly Channel<Action> _commands = Channel.CreateBounded<Action>(Capacity);
    private readonly RolloutController _controller;
    private readonly TimeProvider _time;
    private readonly ILogger<ControlLoop> _log;
    private readonly CancellationTokenSource _killed = new();
    private readonly ITimer _timer;
    private readonly Task _running;
    private long _lastTick;
    private int _tickWaits;

    public ControlLoop(RolloutController controller, TimeProvider time, ILogger<ControlLoop> log)
    {
        (_controller, _time, _log) = (controller, time, log);
        _lastTick = time.GetTimestamp();
        _running = Task.Run(RunAsync);
        _timer = time.CreateTimer(_ => QueueTick(), null, Interval, Interval);
    }

    /// <summary>Time since the loop last finished a tick.</summary>
    public TimeSpan TickLag => _time.GetElapsedTime(Volatile.Read(ref _lastTick));

    /// <summary>Whether commands are still done.</summary>
    public bool IsAlive => !_running.IsCompleted;

    /// <summary>Does <paramref name="ask"/> on the loop. Null when the loop is dead or has too much to do.</summary>
    public async Task<T?> AskAsync<T>(Func<T> ask, CancellationToken cancel)
        where T : class
    {
        var answer = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = _commands.Writer.TryWrite(() =>
        {
            try
            {
                answer.TrySetResult(ask());
            }
#pragma warning disable CA1031 // Handed on to the one who asked.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                answer.TrySetException(failed);
            }
        });
        if (!queued)
        {
            return null;
        }

        await Task.WhenAny(answer.Task, _running).WaitAsync(cancel);
        return answer.Task.IsCompleted ? await answer.Task : null;
    }

    /// <summary>Queues without waiting, as the file watcher does; false when the loop is dead or has too much to do.</summary>
    public bool TryPost(Action command) => _commands.Writer.TryWrite(command);

    /// <summary>Ends the loop where it stands, as a bug would: nothing is flushed, and the lease runs out.</summary>
    public Task KillAsync()
    {
        _timer.Dispose();
        return _killed.CancelAsync();
    }

    /// <summary>Does what waits, takes in the last counts and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _commands.Writer.TryComplete();
#pragma warning disable VSTHRD003 // Started by the constructor; it never waits for its disposer.
        await _running;
#pragma warning restore VSTHRD003
        _killed.Dispose();
    }

    private void QueueTick()
    {
        // One waiting tick is enough: it looks at everything.
        if (Interlocked.Exchange(ref _tickWaits, 1) == 0 && !_commands.Writer.TryWrite(Tick))
        {
            Volatile.Write(ref _tickWaits, 0);
        }
    }

    private void Tick()
    {
        Volatile.Write(ref _tickWaits, 0);
        _controller.Tick();
        Volatile.Write(ref _lastTick, _time.GetTimestamp());
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync(_killed.Token))
            {
                Do(command);
            }

            Do(_controller.Flush);
        }
        catch (OperationCanceledException) when (_killed.IsCancellationRequested)
        {
            LogKilled();
        }
    }

    private void Do(Action command)
    {
        try
        {
            command();
        }
#pragma warning disable CA1031 // One broken tick must not end the loop; as it did not renew the lease, many of them end the canary.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogBug(bug);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The control loop's command failed; the lease was not renewed by it.")]
    private partial void LogBug(Exception bug);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control loop was ended; unproven targets lose their traffic when the lease runs out.")]
    private partial void LogKilled();
}
