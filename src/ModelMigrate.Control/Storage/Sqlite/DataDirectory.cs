namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>
/// The folder that holds one controller's journal, locked for as long as this lives. The operating system drops the lock when
/// the process dies, however it dies.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>Creates the folder when it is missing and locks it; else says in <paramref name="problem"/> who holds it and what to do.</summary>
    public static DataDirectory? TryOpen(string path, out string problem)
    {
        problem = "";
        var full = System.IO.Path.GetFullPath(path);
        var holderFile = System.IO.Path.Combine(full, "holder");
        try
        {
            Directory.CreateDirectory(full);
            // Created for its owner only: the journal says who asked for what.
            var held = new FileStream(System.IO.Path.Combine(full, "lock"), Options());
            File.WriteAllText(holderFile, $"process {Environment.ProcessId} on {Environment.MachineName}");
            return new DataDirectory(full, held);
        }
        catch (IOException held) when (File.Exists(holderFile) && held is not DirectoryNotFoundException)
        {
            problem = $"The data directory '{full}' is in use by {Holder(holderFile)}. Stop that one, or name another directory with --data.";
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            problem = $"The data directory '{full}' cannot be opened: {denied.Message} Name a directory that can be written with --data.";
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
        catch (IOException)
        {
            return "another process";
        }
    }
}
