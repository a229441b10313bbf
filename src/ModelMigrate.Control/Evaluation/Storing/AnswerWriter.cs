using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Evaluation.Grading;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>The statements that keep an answer, prepared once. Owned by the store's writer; the transaction is the caller's.</summary>
internal sealed class AnswerWriter : IDisposable
{
    /// <summary>Dollars are kept as whole billionths: SQLite has no decimals.</summary>
    public const decimal Nano = 1_000_000_000m;

    private readonly SqliteCommand _sample;
    private readonly SqliteCommand _answer;
    private readonly SqliteCommand _result;
    private readonly SqliteCommand _score;
    private readonly SqliteCommand _grading;

    public AnswerWriter(SqliteConnection connection)
    {
        _sample = Prepare(connection, "INSERT INTO samples (dataset, sample, id, cluster) VALUES ($1, $2, $3, $4) ON CONFLICT (dataset, sample) DO NOTHING", 4);
        _answer = Prepare(
            connection,
            """
            INSERT INTO answers (key, text, finish, model, input_tokens, output_tokens, nano_cost) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (key) DO UPDATE SET text = excluded.text, finish = excluded.finish, model = excluded.model, input_tokens = excluded.input_tokens,
                output_tokens = excluded.output_tokens, nano_cost = excluded.nano_cost
            RETURNING number
            """, 7);
        _result = Prepare(
            connection,
            """
            INSERT INTO results (dataset, arm, sample, repeat, answer, error, message, latency_ms, first_token_ms, nano_cost, tries, retries, cached)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """, 13);
        _score = Prepare(connection, "INSERT INTO scores (dataset, metric, sample, arm, repeat, value, missing, counts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
        _grading = Prepare(
            connection,
            """
            INSERT INTO gradings (dataset, metric, sample, arm, repeat, calls, retries, malformed, input_tokens, output_tokens, nano_cost, versions, failure, detail)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """, 14);
    }

    public void Write(StoreScope scope, FinishedAnswer item)
    {
        var (row, answer, arm) = (item.Row, item.Answer, scope.Arm(item.Role));
        Bind(_sample, scope.Dataset, row.Number, row.Id, row.Cluster).ExecuteNonQuery();
        var nano = answer.Cost is { } cost ? (long?)decimal.Round(cost * Nano) : null;
        var number = answer.Text is null ? null : Bind(_answer, item.Key, answer.Text, answer.Finish, answer.Model, answer.InputTokens, answer.OutputTokens, nano).ExecuteScalar();
        Bind(
            _result, scope.Dataset, arm, row.Number, item.Repeat, number, answer.Error, answer.Message, answer.LatencyMs, answer.FirstTokenMs, nano, answer.Tries, answer.Retries,
            answer.IsCached ? 1 : 0).ExecuteNonQuery();
        for (var i = 0; i < item.Scores.Count; i++)
        {
            Write(scope.Dataset, scope.Scored[i].Number, row.Number, arm, item.Repeat, item.Scores[i]);
        }
    }

    public void Write(long dataset, long metric, long sample, long arm, int repeat, StoredScore score) =>
        Bind(_score, dataset, metric, sample, arm, repeat, score.Value, score.Missing, score.Bytes).ExecuteNonQuery();

    public void Write(long dataset, long metric, long sample, long arm, int repeat, GradingNote note) => Bind(
        _grading, dataset, metric, sample, arm, repeat, note.Cost.Calls, note.Cost.Retries, note.Cost.Malformed, note.Cost.InputTokens, note.Cost.OutputTokens,
        note.Cost.Dollars is { } dollars ? (long?)decimal.Round(dollars * Nano) : null, string.Join('\n', note.Cost.Versions), note.Failure, note.Detail).ExecuteNonQuery();

    public void Dispose()
    {
        _grading.Dispose();
        _sample.Dispose();
        _answer.Dispose();
        _result.Dispose();
        _score.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}", Value = DBNull.Value });
        }

        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
