using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Gateway.Limits.Budgets;

/// <summary>
/// Keeps what was spent over a restart: a file to which lines are added, the last one of an account being in force. Without a file it keeps
/// nothing. A file that cannot be written stops nobody: budgets then hold in memory alone, and it is said.
/// </summary>
internal sealed partial class BudgetLog(ILogger logger) : IDisposable
{
    /// <summary>Lines after which the file is written anew with one line an account.</summary>
    private const int MostLines = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string, object, object), BudgetEntry> _last = [];
    private string? _path;
    private FileStream? _file;
    private int _lines;
    private bool _isDown;

    /// <summary>Whether the last line could be written.</summary>
    public bool IsUp
    {
        get
        {
            lock (_gate)
            {
                return !_isDown;
            }
        }
    }

    /// <summary>Reads the file, writes it anew, and keeps it; answers what it said.</summary>
    public IReadOnlyList<BudgetEntry> Open(string path)
    {
        lock (_gate)
        {
            _path = path;
            if (File.Exists(path))
            {
                foreach (var line in File.ReadLines(path))
                {
                    if (Read(line) is { } entry)
                    {
                        _last[(entry.Owner, entry.Per, entry.Unit)] = entry;
                    }
                }
            }

            Try_NeedsLock(Rewrite_NeedsLock);
            return [.. _last.Values];
        }
    }

    public void Write(BudgetEntry entry)
    {
        lock (_gate)
        {
            if (_path is null)
            {
                return;
            }

            _last[(entry.Owner, entry.Per, entry.Unit)] = entry;
            Try_NeedsLock(_file is null || ++_lines > MostLines ? Rewrite_NeedsLock : () => Append_NeedsLock(_file, entry));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            _path = null;
        }
    }

    // A line that was cut off by a crash is none; the one before it stands.
    private static BudgetEntry? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BudgetJson.Default.BudgetEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Append_NeedsLock(FileStream file, BudgetEntry entry)
    {
        // One write a line, unbuffered: once it returns, the death of this process cannot take it back.
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, BudgetJson.Default.BudgetEntry), (byte)'\n'];
        file.Write(line);
    }

    private void Rewrite_NeedsLock()
    {
        _file?.Dispose();
        _file = null;
        var fresh = _path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(fresh, options))
        {
            foreach (var entry in _last.Values)
            {
                Append_NeedsLock(file, entry);
            }
        }

        File.Move(fresh, _path!, overwrite: true);
        _lines = _last.Count;
        _file = new FileStream(_path!, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 });
    }

    private void Try_NeedsLock(Action write)
    {
        try
        {
            write();
            if (_isDown)
            {
                _isDown = false;
                LogUp(_path!);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            if (!_isDown)
            {
                _isDown = true;
                LogDown(_path!, failed.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Budgets cannot be written to {Path}: {Why}. They hold in memory; a restart would forget what is spent from now on")]
    private partial void LogDown(string path, string why);

    [LoggerMessage(LogLevel.Information, "Budgets are written to {Path} again")]
    private partial void LogUp(string path);
}
