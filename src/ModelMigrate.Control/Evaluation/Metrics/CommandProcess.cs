using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Control.Evaluation.Metrics;

/// <summary>
/// One running program, asked one case at a time. What does not answer in time, or says too much, is killed with everything that it started. It is read by
/// threads of its own, so that nobody waits longer for what escaped and still holds its pipes. Owned by whoever took it from the pool.
/// </summary>
internal sealed class CommandProcess : IDisposable
{
    /// <summary>Bytes of an answer.</summary>
    private const int LongestAnswer = 64 << 10;

    /// <summary>Bytes of standard error that are kept to be told; the rest is read and dropped.</summary>
    private const int KeptErrors = 400;

    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly byte[] _answer = new byte[LongestAnswer];
    private readonly byte[] _errors = new byte[KeptErrors];
    private readonly Thread _listener;
    private readonly object _gate = new();
    private byte[]? _line;
    private CommandAnswer? _said;
    private readonly long? _memory;
    private readonly ITimer? _watch;
    private bool _isLate;
    private bool _isLarge;
    private bool _isOver;
    private int _kept;

    private CommandProcess(Process process, TimeProvider time, long? memory)
    {
        (_process, _time, _memory) = (process, time, memory);
        _watch = memory is null ? null : time.CreateTimer(static state => ((CommandProcess)state!).Watch(), this, s_look, s_look);

        // A full pipe would stop the program in the middle of a complaint.
        _listener = new Thread(Listen) { IsBackground = true, Name = "command metric errors" };
        _listener.Start();
        new Thread(Talk) { IsBackground = true, Name = "command metric" }.Start();
    }

    /// <summary>Starts it without a shell; null, and why, when it cannot be. <paramref name="memory"/>: resident bytes above which it is killed; null for no limit.</summary>
    public static CommandProcess? TryStart(IReadOnlyList<string> words, string? path, string? folder, TimeProvider time, out string? wrong, long? memory = null)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder ?? "",
        };
        start.Environment.Clear();
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        try
        {
            wrong = null;
            return new CommandProcess(Process.Start(start)!, time, memory);
        }
        catch (Win32Exception impossible)
        {
            wrong = impossible.Message;
            return null;
        }
    }

    /// <summary>Writes a line and waits for one.</summary>
    public CommandAnswer Ask(byte[] line, TimeSpan limit)
    {
        using var timer = _time.CreateTimer(static state => ((CommandProcess)state!).RunOut(), this, limit, Timeout.InfiniteTimeSpan);
        CommandAnswer? said;
        lock (_gate)
        {
            (_line, _said) = (line, null);
            Monitor.PulseAll(_gate);
            while (_said is null && !_isLate)
            {
                Monitor.Wait(_gate);
            }

            said = _said;
            _line = null;
        }

        return Volatile.Read(ref _isLarge) ? Without(string.Create(CultureInfo.InvariantCulture, $"used more than {_memory >> 20} MB of memory"))
            : said is not { } answer ? Without($"did not answer within {Quantity.Text(limit)}; a program that writes into a pipe must flush after each line{Errors()}")
            : answer.Line is null ? answer with { Wrong = answer.Wrong + Errors() }
            : answer;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }

        _watch?.Dispose();
        Kill();
        _listener.Join(s_lastWords);
        _process.Dispose();
    }

    private static CommandAnswer Without(string wrong) => new(Line: null, wrong, HasEnded: false);

    /// <summary>Late only while a case waits: a timer may fire when its case is over.</summary>
    private void RunOut()
    {
        lock (_gate)
        {
            if (_line is null || _said is not null)
            {
                return;
            }

            _isLate = true;
            Monitor.PulseAll(_gate);
        }

        Kill();
    }

    private void Watch()
    {
        try
        {
            _process.Refresh();
            if (_process.WorkingSet64 > _memory)
            {
                Volatile.Write(ref _isLarge, true);
                Kill();
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }

    /// <summary>The talking thread: one case after the other until it is over.</summary>
    private void Talk()
    {
        while (true)
        {
            byte[] line;
            lock (_gate)
            {
                while ((_line is null || _said is not null) && !_isOver)
                {
                    Monitor.Wait(_gate);
                }

                if (_isOver)
                {
                    return;
                }

                line = _line!;
            }

            CommandAnswer answer;
            try
            {
                answer = Exchange(line);
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException or InvalidOperationException)
            {
                answer = new CommandAnswer(Line: null, "ended without an answer", HasEnded: true);
            }

            lock (_gate)
            {
                _said = answer;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private CommandAnswer Exchange(byte[] line)
    {
        var (read, end) = (0, -1);
        try
        {
            _process.StandardInput.BaseStream.Write(line);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It does not read any more; what it said before is still there.
        }

        var output = _process.StandardOutput.BaseStream;
        while (end < 0 && read < _answer.Length && output.Read(_answer, read, _answer.Length - read) is > 0 and var more)
        {
            end = _answer.AsSpan(read, more).IndexOf((byte)'\n') is >= 0 and var at ? read + at : -1;
            read += more;
        }

        return end == read - 1 && end >= 0 ? new CommandAnswer(Encoding.UTF8.GetString(_answer, 0, end), Wrong: null, HasEnded: false)
            : end >= 0 ? Without("answered more than one line to one case")
            : read == _answer.Length ? Without(string.Create(CultureInfo.InvariantCulture, $"answered more than {LongestAnswer >> 10} KB in one line"))
            : read > 0 ? Without("ended in the middle of a line")
            : new CommandAnswer(Line: null, "ended without an answer", HasEnded: true);
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself.
        }
    }

    private void Listen()
    {
        var block = new byte[4096];
        try
        {
            while (_process.StandardError.BaseStream.Read(block) is > 0 and var read)
            {
                lock (_gate)
                {
                    var fits = Math.Min(read, KeptErrors - _kept);
                    block.AsSpan(0, fits).CopyTo(_errors.AsSpan(_kept));
                    _kept += fits;
                }
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Nothing more to hear.
        }
    }

    /// <summary>What it complained of, on one line; empty for nothing.</summary>
    private string Errors()
    {
        Kill();
        _listener.Join(s_lastWords);
        lock (_gate)
        {
            var text = Encoding.UTF8.GetString(_errors, 0, _kept).ReplaceLineEndings(" ").Trim();
            return text.Length == 0 ? "" : $"; it said: {text}";
        }
    }
}
