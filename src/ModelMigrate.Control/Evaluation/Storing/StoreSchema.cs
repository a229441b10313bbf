namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>The tables of an evaluation's folder. Every figure of a report comes from <c>results</c> and <c>scores</c>; nothing is counted beside them.</summary>
internal static class StoreSchema
{
    /// <summary>Kept in <c>user_version</c>. A file with a greater number was written by a newer program.</summary>
    public const int Version = 2;

    /// <summary>The first version.</summary>
    public const string Create = """
        CREATE TABLE datasets (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE arms (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE metrics (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

        CREATE TABLE plans (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            json TEXT NOT NULL UNIQUE
        );

        CREATE TABLE samples (
            dataset INTEGER NOT NULL REFERENCES datasets (number),
            sample INTEGER NOT NULL,
            id TEXT NOT NULL,
            cluster TEXT,
            PRIMARY KEY (dataset, sample)
        ) WITHOUT ROWID;

        CREATE TABLE answers (
            number INTEGER PRIMARY KEY,
            key BLOB NOT NULL UNIQUE,
            text TEXT NOT NULL,
            finish TEXT,
            model TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            nano_cost INTEGER
        );

        CREATE TABLE results (
            dataset INTEGER NOT NULL REFERENCES datasets (number),
            arm INTEGER NOT NULL REFERENCES arms (number),
            sample INTEGER NOT NULL,
            repeat INTEGER NOT NULL,
            answer INTEGER REFERENCES answers (number),
            error TEXT,
            message TEXT,
            latency_ms REAL,
            nano_cost INTEGER,
            tries INTEGER NOT NULL,
            retries TEXT,
            cached INTEGER NOT NULL,
            PRIMARY KEY (dataset, arm, sample, repeat)
        ) WITHOUT ROWID;

        CREATE TABLE scores (
            dataset INTEGER NOT NULL REFERENCES datasets (number),
            metric INTEGER NOT NULL REFERENCES metrics (number),
            sample INTEGER NOT NULL,
            arm INTEGER NOT NULL REFERENCES arms (number),
            repeat INTEGER NOT NULL,
            value REAL,
            missing TEXT,
            counts BLOB,
            PRIMARY KEY (dataset, metric, sample, arm, repeat)
        ) WITHOUT ROWID;
        """;

    /// <summary>What the second version added: the time to the first token, and what judges were asked.</summary>
    public const string Second = """
        ALTER TABLE results ADD COLUMN first_token_ms REAL;

        CREATE TABLE gradings (
            dataset INTEGER NOT NULL REFERENCES datasets (number),
            metric INTEGER NOT NULL REFERENCES metrics (number),
            sample INTEGER NOT NULL,
            arm INTEGER NOT NULL REFERENCES arms (number),
            repeat INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            retries INTEGER NOT NULL,
            malformed INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            nano_cost INTEGER,
            versions TEXT NOT NULL,
            failure TEXT,
            detail TEXT,
            PRIMARY KEY (dataset, metric, sample, arm, repeat)
        ) WITHOUT ROWID;
        """;
}
