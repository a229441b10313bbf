using System.Globalization;
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

    /// <summary>A loop that finished no look for so long counts as not answering.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a command may wait for its turn before it is taken back.</summary>
    private static readonly TimeSpan s_askLimit = TimeSpan.FromSeconds(10);

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
    private int _drainWaits;
    private int _late;
    private long _failedTicks;

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

    /// <summary>Runs at the beginning of every tick; for tests that let one fail or hang.</summary>
    public Action? Fault { get; set; }

    /// <summary>What is wrong with the loop, in a sentence, or null.</summary>
    public string? Problem => !IsAlive ? "The control loop has ended; restart the process."
        : TickLag < Patience ? null
        : string.Create(CultureInfo.InvariantCulture, $"The control loop has finished no look for {TickLag.TotalSeconds:0} s; if it stays so, restart the process.");

    /// <summary>
    /// Does <paramref name="ask"/> on the loop. Null when the loop is dead, has too much to do or hangs; <paramref name="ask"/> is then
    /// not done later either.
    /// </summary>
    public async Task<T?> AskAsync<T>(Func<T> ask, CancellationToken cancel)
        where T : class
    {
        var answer = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = 0;
        var queued = _commands.Writer.TryWrite(() =>
        {
            if (Interlocked.Exchange(ref taken, 1) != 0)
            {
                return;
            }

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

        // Until it is done, the loop is dead, the limit is reached or the asker gone.
        var first = (Task)Task.WhenAny(answer.Task, _running).WaitAsync(s_askLimit, _time, cancel);
        await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!answer.Task.IsCompleted && Interlocked.Exchange(ref taken, 1) == 0)
        {
            // Nobody waits for it any more, so it must not be done behind the asker's back.
            cancel.ThrowIfCancellationRequested();
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

    /// <summary>Lets <paramref name="fault"/> be thrown in the loop itself, outside of any command.</summary>
    public Task KillAsync(Exception fault)
    {
        _timer.Dispose();
        _commands.Writer.TryComplete(fault);
#pragma warning disable VSTHRD003 // Started by the constructor; it never waits for who kills it.
        return _running;
#pragma warning restore VSTHRD003
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
        // On the timer's thread: a loop that hangs cannot say so itself.
        if (IsAlive && TickLag >= Patience && Interlocked.Exchange(ref _late, 1) == 0)
        {
            LogLate(TickLag.TotalSeconds);
        }

        // One waiting tick is enough: it looks at everything.
        if (Interlocked.Exchange(ref _tickWaits, 1) == 0 && !_commands.Writer.TryWrite(Tick))
        {
            Volatile.Write(ref _tickWaits, 0);
        }
    }

    /// <summary>Queues an intake between ticks, unless one waits; called on a request's thread.</summary>
    public void QueueDrain()
    {
        if (Interlocked.Exchange(ref _drainWaits, 1) == 0 && !_commands.Writer.TryWrite(Drain))
        {
            Volatile.Write(ref _drainWaits, 0);
        }
    }

    private void Drain()
    {
        Volatile.Write(ref _drainWaits, 0);
        _controller.Drain();
    }

    private void Tick()
    {
        Volatile.Write(ref _tickWaits, 0);
        try
        {
            Fault?.Invoke();
            _controller.Tick();
        }
#pragma warning disable CA1031 // One broken tick must not end the loop; as it did not renew the lease, many of them end the canary.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            // Four a second of the same would hide everything else.
            if (_failedTicks++ == 0)
            {
                LogFailedTick(bug);
            }

            return;
        }

        Volatile.Write(ref _lastTick, _time.GetTimestamp());
        var late = Interlocked.Exchange(ref _late, 0) == 1;
        if (late || _failedTicks > 0)
        {
            LogBack(_failedTicks);
            _failedTicks = 0;
        }
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
#pragma warning disable CA1031 // The end of the loop must be said; the data plane notices by the lease.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogDied(bug);
        }
    }

    private void Do(Action command)
    {
        try
        {
            command();
        }
#pragma warning disable CA1031 // One broken command must not end the loop.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogBug(bug);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A command of the control loop failed.")]
    private partial void LogBug(Exception bug);

    [LoggerMessage(Level = LogLevel.Error, Message = "A look of the control loop failed and is tried again; the lease is not renewed until one succeeds.")]
    private partial void LogFailedTick(Exception bug);

    [LoggerMessage(Level = LogLevel.Information, Message = "The control loop works again, after {Failed} failed looks.")]
    private partial void LogBack(long failed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control loop has finished no look for {Seconds:0} s; unproven targets lose their traffic when the lease runs out.")]
    private partial void LogLate(double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control loop broke; unproven targets lose their traffic when the lease runs out. Restart the process.")]
    private partial void LogDied(Exception bug);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control loop was ended; unproven targets lose their traffic when the lease runs out.")]
    private partial void LogKilled();
}
