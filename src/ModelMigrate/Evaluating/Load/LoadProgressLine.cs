using System.Globalization;
using ModelMigrate.Control.Evaluation.Load;
using ModelMigrate.Evaluating.Timing;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating.Load;

/// <summary>Says on standard error how a load goes: over itself where a person watches, else a line now and then. Told by many at once.</summary>
internal sealed class LoadProgressLine(Terminal terminal)
{
    private static readonly TimeSpan s_watched = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_logged = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _last = terminal.Time.GetTimestamp();
    private bool _isWritten;

    public void Say(LoadRun run)
    {
        lock (_lock)
        {
            if (terminal.Time.GetElapsedTime(_last) < (terminal.Live ? s_watched : s_logged))
            {
                return;
            }

            _last = terminal.Time.GetTimestamp();
            var at = run.Progress;
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{at.Elapsed.TotalSeconds:0} s: {at.Requests} requests, {at.InFlight} under way, {at.Answered} answered, {at.Failed} failed, {at.NotSent} not sent, p99 {TimingWords.Of(at.P99)}");
            terminal.Error.Write(terminal.Live ? $"\r{text}   " : text + Environment.NewLine);
            _isWritten = terminal.Live;
        }
    }

    public void End()
    {
        if (_isWritten)
        {
            terminal.Error.WriteLine();
        }
    }
}
