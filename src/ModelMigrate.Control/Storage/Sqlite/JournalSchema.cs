namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>The journal's tables. Times are UTC ticks; everything that code reads back whole is JSON.</summary>
internal static class JournalSchema
{
    /// <summary>Kept in <c>user_version</c>. A file with a greater number was written by a newer program.</summary>
    public const int Version = 1;

    public const string Create = """
        CREATE TABLE specs (
            hash TEXT NOT NULL PRIMARY KEY,
            json TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE migrations (
            id TEXT NOT NULL PRIMARY KEY,
            spec TEXT NOT NULL REFERENCES specs (hash),
            state TEXT NOT NULL,
            changed_at INTEGER NOT NULL,
            ended_at INTEGER
        ) WITHOUT ROWID;

        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            migration TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL,
            gate TEXT,
            from_phase TEXT NOT NULL,
            to_phase TEXT NOT NULL,
            weight_ppm INTEGER NOT NULL,
            alpha REAL,
            evidence TEXT,
            open_blocks TEXT
        );
        CREATE INDEX events_of_migration ON events (migration, seq);

        CREATE TABLE incarnations (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            started_at INTEGER NOT NULL,
            process INTEGER NOT NULL,
            host TEXT NOT NULL
        );

        CREATE TABLE blocks (
            migration TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            incarnation INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            json TEXT NOT NULL,
            PRIMARY KEY (migration, attempt, epoch, incarnation, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE ticks (
            migration TEXT NOT NULL,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            watermark INTEGER NOT NULL,
            spec TEXT NOT NULL,
            PRIMARY KEY (migration, number)
        ) WITHOUT ROWID;

        CREATE TABLE checkpoints (
            migration TEXT NOT NULL PRIMARY KEY,
            attempt INTEGER NOT NULL,
            incarnation INTEGER NOT NULL,
            at INTEGER NOT NULL,
            tick INTEGER NOT NULL,
            json TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE chunks (
            migration TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            chunk INTEGER NOT NULL,
            size INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (migration, attempt, chunk)
        ) WITHOUT ROWID;
        """;
}
