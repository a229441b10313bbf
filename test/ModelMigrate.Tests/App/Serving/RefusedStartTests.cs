using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Tests.App.Commands;

namespace ModelMigrate.Tests.App.Serving;

/// <summary><c>serve</c> that cannot start: what it says, with which code, and that it leaves nothing half-done.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private const string Small = "providers:\n  p: { kind: openai, baseUrl: \"http://127.0.0.1:9/v1\" }\nmodels:\n  m: p\n  n: p\nroutes:\n  chat: m\n"
        + "migrations:\n  MIG-1: { route: chat, to: n, start: auto }\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("model-migrate-refused-");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string JournalFile => Path.Combine(Data, "journal.db");

    [Theory]
    [InlineData("providers:\n  a: { kind: nonsense }\n", "http://127.0.0.1:0", 2, "nonsense")]
    [InlineData("", "http://127.0.0.1:0", 2, "routes")]
    [InlineData(Small, "http://0.0.0.0:0", 2, "admin.token")]
    [InlineData(Small + "admin: { token: \"${MODEL_MIGRATE_UNSET_VARIABLE}\" }\n", "http://127.0.0.1:0", 2, "MODEL_MIGRATE_UNSET_VARIABLE")]
    [InlineData(Small, "nonsense", 2, "nonsense")]
    public async Task Serve_BadConfigurationOrAddress_CreatesNothing(string config, string url, int code, string says)
    {
        var run = await ServeAsync(config, url);
        Assert.Equal(code, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
        Assert.Equal("model-migrate.yaml", Assert.Single(_folder.EnumerateFileSystemInfos()).Name);
    }

    [Fact]
    public async Task Serve_JournalIsNoDatabase_ThreeWithRemedyAndTheFileStays()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(JournalFile, new string('x', 8192));
        await RefusedAsync("not a database", "Restore it from a copy, or move it away");
        Assert.Equal(new string('x', 8192), await File.ReadAllTextAsync(JournalFile));
    }

    [Fact]
    public async Task Serve_JournalDamagedInside_ThreeWithRemedy()
    {
        NewJournal();
        var bytes = await File.ReadAllBytesAsync(JournalFile);
        Array.Fill(bytes, (byte)0xA5, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(JournalFile, bytes);
        await RefusedAsync("malformed", "Restore it from a copy, or move it away");
    }

    [Fact]
    public async Task Serve_StateThatCannotBeRead_ThreeWithRemedy()
    {
        NewJournal();
        Change("INSERT INTO specs VALUES ('h', '{'); INSERT INTO migrations VALUES ('MIG-1', 'h', '{', 1, NULL);");
        await RefusedAsync("cannot be used", "Restore it from a copy, or move it away");
    }

    [Fact]
    public async Task Serve_JournalOfANewerProgram_ThreeWithRemedy()
    {
        NewJournal();
        Change("PRAGMA user_version=99");
        await RefusedAsync("has schema 99", "Run the newer program that wrote it");
    }

    [Fact]
    public async Task Serve_JournalLockedByAnotherProgram_ThreeWithRemedy()
    {
        NewJournal();
        using var other = Connect();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        await RefusedAsync("locked", "end that one, then start again");
    }

    [Fact]
    public async Task Serve_DataIsAFile_ThreeWithRemedy()
    {
        await File.WriteAllTextAsync(Data, "");
        await RefusedAsync("cannot be used", "name another directory with --data");
    }

    [Fact]
    public async Task Serve_ReadOnlyDirectory_ThreeWithRemedy()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Permissions do not stop root; what the kernel alone writes does.
        var data = Environment.IsPrivilegedProcess ? "/proc/model-migrate" : Directory.CreateDirectory(Data).FullName;
        if (!Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await RefusedAsync("cannot be used", "Make it writable for the user that runs this", data);
    }

    [Fact]
    public async Task Serve_AfterARefusal_StartsWithTheNextCall()
    {
        // A refusal must let go of the lock.
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(JournalFile, new string('x', 8192));
        await RefusedAsync("not a database", "");
        File.Delete(JournalFile);
        NewJournal();
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(Data))
        {
            File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _folder.Delete(recursive: true);
    }

    private async Task RefusedAsync(string says, string remedy, string? data = null)
    {
        var run = await ServeAsync(Small, "http://127.0.0.1:0", data);
        Assert.True(run.Code == 3, $"{run.Code}: {run.Error}");
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private async Task<CliRun> ServeAsync(string config, string url, string? data = null)
    {
        var file = Path.Combine(_folder.FullName, "model-migrate.yaml");
        await File.WriteAllTextAsync(file, config);
        // Should it start after all, it ends with code 0.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await CliRun.OfAsync($"serve --config {file} --urls {url} --data {data ?? Data}", cancellation: limit.Token);
    }

    private void NewJournal()
    {
        using var directory = DataDirectory.TryOpen(Data, out var problem) ?? throw new InvalidOperationException(problem);
        using var journal = Journal.TryOpen(directory, TimeProvider.System, out problem) ?? throw new InvalidOperationException(problem);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={JournalFile};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Change(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Out of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
