using System.Globalization;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Output;

namespace ModelMigrate.Evaluating;

/// <summary>Says on standard error how far a run is: over itself where a person watches, else a line now and then.</summary>
internal sealed class ProgressLine(Terminal terminal, string of = "answers")
{
    private static readonly TimeSpan s_watched = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_logged = TimeSpan.FromSeconds(10);

    private long _last = terminal.Time.GetTimestamp();
    private bool _isWritten;

    public void Say(RunProgress progress)
    {
        if (terminal.Time.GetElapsedTime(_last) < (terminal.Live ? s_watched : s_logged))
        {
            return;
        }

        _last = terminal.Time.GetTimestamp();
        var left = progress.Left is { } time ? $", {(time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture))} left" : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{progress.Done} of {progress.All} {of}, {progress.PerSecond:0.#} a second{left}{(progress.Spent > 0 ? $", ${progress.Spent:0.00##}" : "")}");
        terminal.Error.Write(terminal.Live ? $"\r{text}   " : text + Environment.NewLine);
        _isWritten = terminal.Live;
    }

    public void End()
    {
        if (_isWritten)
        {
            terminal.Error.WriteLine();
        }
    }
}
