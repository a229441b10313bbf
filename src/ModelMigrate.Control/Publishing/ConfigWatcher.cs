using System.Security.Cryptography;

namespace ModelMigrate.Control.Publishing;

/// <summary>
/// Notices that the configuration file's content changed: by the operating system's word, and by looking once a second, because
/// that word does not come from every file system. A content is reported once it was the same at two looks in a row.
/// </summary>
internal sealed class ConfigWatcher : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly Action _changed;
    private readonly ITimer _timer;
    private readonly FileSystemWatcher? _watcher;
    private string _reported;
    private string _lastSeen;

    /// <summary><paramref name="changed"/> is called on a timer's thread, never twice at once.</summary>
    public ConfigWatcher(string file, Action changed, TimeProvider time)
    {
        _file = Path.GetFullPath(file);
        _changed = changed;
        _reported = _lastSeen = Content();
        _timer = time.CreateTimer(_ => Look(), null, s_interval, s_interval);
        if (Path.GetDirectoryName(_file) is { } folder && Directory.Exists(folder))
        {
            _watcher = new FileSystemWatcher(folder, Path.GetFileName(_file));
            _watcher.Changed += (_, _) => LookSoon();
            _watcher.Created += (_, _) => LookSoon();
            _watcher.Renamed += (_, _) => LookSoon();
            _watcher.EnableRaisingEvents = true;
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _timer.Dispose();
    }

    private void LookSoon() => _timer.Change(s_settle, s_interval);

    private void Look()
    {
        lock (_gate)
        {
            var content = Content();
            if (content != _lastSeen)
            {
                // Perhaps half written: look again before believing it.
                _lastSeen = content;
                LookSoon();
            }
            else if (content != _reported)
            {
                _reported = content;
                _changed();
            }
        }
    }

    private string Content()
    {
        try
        {
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_file)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }
}
