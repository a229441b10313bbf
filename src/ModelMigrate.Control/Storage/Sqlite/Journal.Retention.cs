using Dapper;
using Microsoft.Data.Sqlite;

namespace ModelMigrate.Control.Storage.Sqlite;

internal sealed partial class Journal
{
    /// <summary>
    /// Forgets what migrations that ended before <paramref name="before"/> leave behind: blocks, ticks, events, chunks, evidence.
    /// The state itself stays while the file still declares the migration: without it a completed one would fall back to its source.
    /// </summary>
    public bool TryPurge(DateTimeOffset before, IReadOnlySet<string> declared, out string problem)
    {
        try
        {
            using var transaction = _writer.BeginTransaction();
            var ended = _writer.Query<string>(
                "SELECT id FROM migrations WHERE ended_at < @before", new { before = before.UtcTicks }, transaction).ToList();
            foreach (var id in ended)
            {
                foreach (var table in new[] { "blocks", "ticks", "events", "chunks", "checkpoints" })
                {
                    _writer.Execute($"DELETE FROM {table} WHERE migration = @id", new { id }, transaction);
                }

                if (!declared.Contains(id))
                {
                    _writer.Execute("DELETE FROM migrations WHERE id = @id", new { id }, transaction);
                }
            }

            _writer.Execute(
                "DELETE FROM specs WHERE hash NOT IN (SELECT spec FROM migrations UNION SELECT spec FROM ticks)", transaction: transaction);
            transaction.Commit();
            _writer.Execute("PRAGMA incremental_vacuum(1000)");
            problem = "";
            return true;
        }
        catch (SqliteException failed)
        {
            problem = failed.Message;
            return false;
        }
    }
}
