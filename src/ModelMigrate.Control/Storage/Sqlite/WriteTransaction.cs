using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>
/// A transaction of the journal's writer. SQLite ends one by itself when its disk is full or fails; the driver's own transaction object
/// then throws while it rolls back, and the connection never begins another one.
/// </summary>
internal readonly ref struct WriteTransaction
{
    private readonly SqliteConnection _connection;

    public WriteTransaction(SqliteConnection connection)
    {
        _connection = connection;
        connection.Execute("BEGIN IMMEDIATE");
    }

    public void Commit() => _connection.Execute("COMMIT");

    /// <summary>Rolls back what was neither committed nor already rolled back by SQLite.</summary>
    public void Dispose()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            _connection.Execute("ROLLBACK");
        }
    }
}
