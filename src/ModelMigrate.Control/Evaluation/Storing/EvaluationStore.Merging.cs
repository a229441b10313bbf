using Dapper;
using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Storage.Sqlite;

namespace ModelMigrate.Control.Evaluation.Storing;

public sealed partial class EvaluationStore
{
    /// <summary>
    /// Copies what another folder keeps of one comparison, whole or not at all. Null; or why it cannot be: a row that both folders have would be counted
    /// twice.
    /// </summary>
    /// <param name="folder">The other folder; nobody writes into it.</param>
    /// <param name="scope">The comparison in this store.</param>
    /// <param name="names">The names of data set, source and target, as every store knows them.</param>
    public string? Take(string folder, StoreScope scope, (string Dataset, string Source, string Target) names)
    {
        _writer.Execute("ATTACH DATABASE @file AS shard", new { file = FileOf(folder) });
        try
        {
            using var transaction = new WriteTransaction(_writer);
            var (dataset, source, target) = (ShardNumber("datasets", names.Dataset), ShardNumber("arms", names.Source), ShardNumber("arms", names.Target));
            _writer.Execute(
                """
                INSERT INTO answers (key, text, finish, model, input_tokens, output_tokens, nano_cost)
                SELECT key, text, finish, model, input_tokens, output_tokens, nano_cost FROM shard.answers WHERE true ON CONFLICT (key) DO NOTHING
                """);
            _writer.Execute(
                "INSERT INTO samples (dataset, sample, id, cluster) SELECT @here, sample, id, cluster FROM shard.samples WHERE dataset = @dataset ON CONFLICT (dataset, sample) DO NOTHING",
                new { here = scope.Dataset, dataset });
            foreach (var (here, there) in new[] { (scope.Source, source), (scope.Target, target) })
            {
                _writer.Execute(
                    """
                    INSERT INTO results (dataset, arm, sample, repeat, answer, error, message, latency_ms, first_token_ms, nano_cost, tries, retries, cached)
                    SELECT @Here, @arm, r.sample, r.repeat, (SELECT number FROM main.answers WHERE key = a.key), r.error, r.message, r.latency_ms, r.first_token_ms, r.nano_cost, r.tries, r.retries, r.cached
                    FROM shard.results r LEFT JOIN shard.answers a ON a.number = r.answer WHERE r.dataset = @There AND r.arm = @from
                    """,
                    new { Here = scope.Dataset, There = dataset, arm = here, from = there });
                foreach (var metric in scope.Metrics)
                {
                    var numbers = new { Here = scope.Dataset, There = dataset, metric = metric.Number, arm = here, from = there, theirs = ShardNumber("metrics", metric.Name) };
                    _writer.Execute(
                        """
                        INSERT INTO scores (dataset, metric, sample, arm, repeat, value, missing, counts)
                        SELECT @Here, @metric, sample, @arm, repeat, value, missing, counts FROM shard.scores WHERE dataset = @There AND arm = @from AND metric = @theirs
                        """,
                        numbers);
                    _writer.Execute(
                        """
                        INSERT INTO gradings (dataset, metric, sample, arm, repeat, calls, retries, malformed, input_tokens, output_tokens, nano_cost, versions, failure, detail)
                        SELECT @Here, @metric, sample, @arm, repeat, calls, retries, malformed, input_tokens, output_tokens, nano_cost, versions, failure, detail
                        FROM shard.gradings WHERE dataset = @There AND arm = @from AND metric = @theirs
                        """,
                        numbers);
                }
            }

            transaction.Commit();
            return null;
        }
        catch (SqliteException twice) when (twice.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            return $"{folder} has rows that are in another folder too. Name each shard once, and run each of them with a --shard of its own.";
        }
        finally
        {
            _writer.Execute("DETACH DATABASE shard");
        }
    }

    /// <summary>Minus one for what the other folder does not have.</summary>
    private long ShardNumber(string table, string name) => _writer.ExecuteScalar<long?>($"SELECT number FROM shard.{table} WHERE name = @name", new { name }) ?? -1;
}
