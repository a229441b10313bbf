using Dapper;
using Microsoft.Data.Sqlite;

namespace ModelMigrate.Control.Storage.Sqlite;

internal sealed partial class Journal
{
    /// <summary>Rows of a table, and pages of the file, that one purge gives up: what it costs must be far below a lease.</summary>
    private const int PurgeSlice = 2000;

    private static readonly (string Table, string Key)[] PurgedTables =
    [
        ("blocks", "migration, attempt, epoch, incarnation, sequence"), ("ticks", "migration, number"), ("events", "seq"), ("chunks", "migration, attempt, chunk"),
        ("checkpoints", "migration"),
    ];

    /// <summary>
    /// Forgets a slice of what migrations that ended before <paramref name="before"/> leave behind: blocks, ticks, events, chunks, evidence.
    /// The state itself stays while the file still declares the migration: without it a completed one would fall back to its source.
    /// <paramref name="more"/> says that there is more to forget.
    /// </summary>
    public bool TryPurge(DateTimeOffset before, IReadOnlySet<string> declared, out bool more, out string problem)
    {
        more = false;
        try
        {
            using (var transaction = new WriteTransaction(_writer))
            {
                var ended = _writer.Query<string>(
                    "SELECT id FROM migrations WHERE ended_at < @before", new { before = before.UtcTicks }).ToList();
                foreach (var id in ended)
                {
                    more |= PurgeSliceOf(id);
                }

                if (!more)
                {
                    foreach (var id in ended.Where(id => !declared.Contains(id)))
                    {
                        _writer.Execute("DELETE FROM migrations WHERE id = @id", new { id });
                    }

                    _writer.Execute(
                        "DELETE FROM specs WHERE hash NOT IN (SELECT spec FROM migrations UNION SELECT spec FROM ticks)");
                }

                transaction.Commit();
            }

            more |= GiveBackSpace();
            problem = "";
            return true;
        }
        catch (SqliteException failed)
        {
            problem = failed.Message;
            return false;
        }
    }

    private bool PurgeSliceOf(string id)
    {
        var more = false;
        foreach (var (table, key) in PurgedTables)
        {
            more |= _writer.Execute(
                $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE migration = @id LIMIT {PurgeSlice})", new { id }) == PurgeSlice;
        }

        return more;
    }

    /// <summary>Shortens the file by its free pages, a slice of them; answers whether some are left.</summary>
    private bool GiveBackSpace()
    {
        var free = _writer.ExecuteScalar<long>("PRAGMA freelist_count");
        if (free == 0)
        {
            return false;
        }

        // It gives one page back for each row that is read.
        using (var reader = _writer.ExecuteReader($"PRAGMA incremental_vacuum({PurgeSlice})"))
        {
            while (reader.Read())
            {
            }
        }

        var left = _writer.ExecuteScalar<long>("PRAGMA freelist_count");
        if (left == 0)
        {
            // The file itself shrinks once the write-ahead log is carried over.
            _writer.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        return left > 0 && left < free;
    }
}
