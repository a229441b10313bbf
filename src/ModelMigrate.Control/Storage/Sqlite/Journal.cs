using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using ModelMigrate.Core.Rollouts;
using SQLitePCL;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>
/// The controller's durable memory: every decision with its evidence, the states that they led to, and the evidence itself.
/// The rollout loop is its only writer; anybody may read, on connections of their own.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private readonly string _file;
    private readonly SqliteConnection _writer;

    private Journal(string file, SqliteConnection writer, long incarnation)
    {
        _file = file;
        _writer = writer;
        Incarnation = incarnation;
    }

    /// <summary>Grows by one with every opening; part of every evidence key.</summary>
    public long Incarnation { get; }

    /// <summary>Bytes on disk, with the write-ahead log.</summary>
    public long SizeBytes => Length(_file) + Length(_file + "-wal");

    /// <summary>Opens or creates the journal, else says what is wrong and what to do.</summary>
    public static Journal? TryOpen(DataDirectory directory, TimeProvider time, out string problem)
    {
        NativeSqlite.Load();
        var file = directory.JournalFile;
        SqliteConnection? writer = null;
        try
        {
            writer = Connect(file, SqliteOpenMode.ReadWriteCreate);
            var version = writer.ExecuteScalar<int>("PRAGMA user_version");
            if (version > JournalSchema.Version)
            {
                problem = $"The journal '{file}' has schema {version}; this program knows up to {JournalSchema.Version}. "
                    + "Run the newer program that wrote it, or name another directory with --data.";
                writer.Dispose();
                return null;
            }

            if (version == 0)
            {
                // Takes effect only before the first table, and lets a purge give space back.
                writer.Execute("PRAGMA auto_vacuum=INCREMENTAL");
            }

            writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
            using var transaction = new WriteTransaction(writer);
            if (version == 0)
            {
                writer.Execute(JournalSchema.Create + $"PRAGMA user_version={JournalSchema.Version};");
            }

            var incarnation = writer.ExecuteScalar<long>(
                "INSERT INTO incarnations (started_at, process, host) VALUES (@at, @process, @host) RETURNING number",
                new { at = time.GetUtcNow().UtcTicks, process = Environment.ProcessId, host = Environment.MachineName });
            transaction.Commit();
            problem = "";
            return new Journal(file, writer, incarnation);
        }
        catch (SqliteException failed)
        {
            writer?.Dispose();
            problem = Problem(file, failed);
            return null;
        }
    }

    /// <summary>What is wrong with a journal that cannot be opened or read, and what to do.</summary>
    public static string Problem(string file, Exception failed)
    {
        var remedy = (failed as SqliteException)?.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Another program holds it locked; end that one, then start again.",
            raw.SQLITE_FULL => "Free some space on its disk, then start again.",
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_IOERR =>
                "Make the directory and its files writable for the user that runs this, and see that the disk has space; or name another directory with --data.",
            _ => "Restore it from a copy, or move it away: no migration is then under way, and every route serves the model that the configuration names.",
        };
        return $"The journal '{file}' cannot be used: {failed.Message} {remedy}";
    }

    /// <summary>Everything that the journal knows of every migration, to resume from.</summary>
    public IReadOnlyList<StoredMigration> Load()
    {
        var checkpoints = _writer.Query<(string Migration, int Attempt, long At, long Tick, string Json)>(
                "SELECT migration, attempt, at, tick, json FROM checkpoints")
            .ToDictionary(
                row => row.Migration,
                row => new JournalBatch.Checkpoint(row.Migration, row.Attempt, Time(row.At), row.Tick, row.Json),
                StringComparer.Ordinal);
        return
        [
            .. from row in _writer.Query<(string Id, string Hash, string Spec, string State)>(
                    "SELECT m.id, m.spec, s.json, m.state FROM migrations m JOIN specs s ON s.hash = m.spec ORDER BY m.id")
               select new StoredMigration
               {
                   Spec = JsonSerializer.Deserialize(row.Spec, JournalJson.Stored.RolloutSpec)!,
                   SpecHash = row.Hash,
                   State = JsonSerializer.Deserialize(row.State, JournalJson.Stored.RolloutState)!,
                   Checkpoint = checkpoints.GetValueOrDefault(row.Id),
               },
        ];
    }

    /// <summary>Writes a batch whole and durably, or answers false and has written nothing.</summary>
    public bool TryCommit(JournalBatch batch, out string problem)
    {
        try
        {
            using var transaction = new WriteTransaction(_writer);
            WriteStates(batch);
            WriteEvidence(batch);
            if (batch.Events.Count > 0)
            {
                CrashPoint.Pass(CrashPoint.JournalWrite);
            }

            if (batch.Checkpoints.Count > 0)
            {
                CrashPoint.Pass(CrashPoint.CheckpointWrite);
            }

            transaction.Commit();
            problem = "";
            return true;
        }
        catch (SqliteException failed)
        {
            problem = failed.Message;
            return false;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(ConnectionString(_file, SqliteOpenMode.ReadOnly)));
    }

    private void WriteStates(JournalBatch batch)
    {
        foreach (var (spec, state) in batch.States)
        {
            var hash = JournalJson.Hash(spec);
            _writer.Execute(
                "INSERT INTO specs (hash, json) VALUES (@hash, @json) ON CONFLICT (hash) DO NOTHING",
                new { hash, json = JournalJson.Text(spec) });
            _writer.Execute(
                """
                INSERT INTO migrations (id, spec, state, changed_at, ended_at) VALUES (@id, @hash, @state, @at, @ended)
                ON CONFLICT (id) DO UPDATE SET spec = excluded.spec, state = excluded.state, changed_at = excluded.changed_at, ended_at = excluded.ended_at
                """,
                new
                {
                    id = spec.Id.Value,
                    hash,
                    state = JournalJson.Text(state),
                    at = state.Since.UtcTicks,
                    ended = state.IsActive || state.Phase == RolloutPhase.Planned ? null : (long?)state.Since.UtcTicks,
                });
        }

        foreach (var item in batch.Events)
        {
            _writer.Execute(
                """
                INSERT INTO events (migration, attempt, at, actor, kind, reason, gate, from_phase, to_phase, weight_ppm, alpha, evidence, open_blocks)
                VALUES (@Migration, @Attempt, @at, @Actor, @Kind, @Reason, @Gate, @From, @To, @WeightPpm, @Alpha, @Evidence, @OpenBlocks)
                """,
                new
                {
                    item.Migration,
                    item.Attempt,
                    at = item.At.UtcTicks,
                    item.Actor,
                    item.Kind,
                    item.Reason,
                    item.Gate,
                    item.From,
                    item.To,
                    item.WeightPpm,
                    item.Alpha,
                    item.Evidence,
                    item.OpenBlocks,
                });
        }
    }

    private void WriteEvidence(JournalBatch batch)
    {
        foreach (var block in batch.Blocks)
        {
            _writer.Execute(
                """
                INSERT INTO blocks (migration, attempt, epoch, incarnation, sequence, json)
                VALUES (@Migration, @Attempt, @Epoch, @Incarnation, @Sequence, @Json)
                """,
                new { block.Migration, block.Attempt, block.Epoch, Incarnation, block.Sequence, block.Json });
        }

        foreach (var tick in batch.Ticks)
        {
            _writer.Execute(
                "INSERT INTO ticks (migration, number, at, watermark, spec) VALUES (@Migration, @Number, @at, @Watermark, @Spec)",
                new { tick.Migration, tick.Number, at = tick.At.UtcTicks, tick.Watermark, tick.Spec });
        }

        foreach (var checkpoint in batch.Checkpoints)
        {
            _writer.Execute(
                """
                INSERT INTO checkpoints (migration, attempt, incarnation, at, tick, json) VALUES (@Migration, @Attempt, @Incarnation, @at, @Tick, @Json)
                ON CONFLICT (migration) DO UPDATE SET attempt = excluded.attempt, incarnation = excluded.incarnation, at = excluded.at,
                    tick = excluded.tick, json = excluded.json
                """,
                new { checkpoint.Migration, checkpoint.Attempt, Incarnation, at = checkpoint.At.UtcTicks, checkpoint.Tick, checkpoint.Json });
        }

        foreach (var chunk in batch.Chunks)
        {
            _writer.Execute(
                "INSERT INTO chunks (migration, attempt, chunk, size, at) VALUES (@Migration, @Attempt, @Number, @Size, @at)",
                new { chunk.Migration, chunk.Attempt, chunk.Number, chunk.Size, at = chunk.At.UtcTicks });
        }
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(ConnectionString(file, mode));
        connection.Open();
        return connection;
    }

    // A locked journal must fail fast: the loop that waits for it is the loop that renews the lease.
    private static string ConnectionString(string file, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = mode,
        DefaultTimeout = 1,
        Pooling = mode == SqliteOpenMode.ReadOnly,
    }.ToString();

    private static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
