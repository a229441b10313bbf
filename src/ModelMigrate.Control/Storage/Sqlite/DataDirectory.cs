namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>
/// The folder that holds one controller's journal, locked for as long as this lives. The operating system drops the lock when
/// the process dies, however it dies.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    // What the system says of a file that another process holds: Windows, Linux, macOS.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int TryAgain = 11;
    private const int TryAgainOnMac = 35;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>Creates the folder when it is missing and locks it; else says in <paramref name="problem"/> who holds it and what to do. <paramref name="option"/>: what another one is named with.</summary>
    public static DataDirectory? TryOpen(string path, out string problem, string option = "--data")
    {
        problem = "";
        var full = System.IO.Path.GetFullPath(path);
        var holderFile = System.IO.Path.Combine(full, "holder");
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(full);
            // Created for its owner only: the journal says who asked for what.
            held = new FileStream(System.IO.Path.Combine(full, "lock"), Options());
            File.WriteAllText(holderFile, $"process {Environment.ProcessId} on {Environment.MachineName}");
            return new DataDirectory(full, held);
        }
        catch (IOException locked) when (held is null && locked.HResult is SharingViolation or TryAgain or TryAgainOnMac)
        {
            problem = $"The data directory '{full}' is in use by {Holder(holderFile)}. Stop that one, or name another directory with {option}.";
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            problem = $"The data directory '{full}' cannot be used: {denied.Message} "
                + $"Make it writable for the user that runs this, or name another directory with {option}.";
        }

        return null;
    }

    public void Dispose() => _lock.Dispose();

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static string Holder(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
