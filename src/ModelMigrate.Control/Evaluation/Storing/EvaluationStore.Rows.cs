using Dapper;
using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Control.Evaluation.Storing;

public sealed partial class EvaluationStore
{
    /// <summary>The next kept answers of an arm behind a place, in the data set's order, at most <paramref name="most"/>; from -1 on all of them.</summary>
    internal IReadOnlyList<StoredRow> Rows(StoreScope scope, ArmRole role, long sample, int repeat, int most)
    {
        lock (_reading)
        {
            var answers = _reader.Query<PlacedAnswer>(
                """
                SELECT r.sample, r.repeat, p.id, a.text, a.finish, a.model, a.input_tokens AS inputTokens, a.output_tokens AS outputTokens, r.nano_cost AS nanoCost, r.error, r.message,
                    r.latency_ms AS latencyMs, r.first_token_ms AS firstTokenMs, r.cached
                FROM results r JOIN samples p ON p.dataset = r.dataset AND p.sample = r.sample LEFT JOIN answers a ON a.number = r.answer
                WHERE r.dataset = @Dataset AND r.arm = @arm AND (r.sample, r.repeat) > (@sample, @repeat) ORDER BY r.sample, r.repeat LIMIT @most
                """,
                new { scope.Dataset, arm = scope.Arm(role), sample, repeat, most }).ToList();
            return [.. answers.Select(answer => new StoredRow(answer.Sample, answer.Repeat, answer.Id, answer.Answer with { Message = answer.Message ?? "" }, Scores(scope, role, answer)))];
        }
    }

    private double?[] Scores(StoreScope scope, ArmRole role, PlacedAnswer answer)
    {
        using var command = _reader.CreateCommand();
        command.CommandText = "SELECT value FROM scores WHERE dataset = $dataset AND metric = $metric AND sample = $sample AND arm = $arm AND repeat = $repeat";
        command.Parameters.AddWithValue("$dataset", scope.Dataset);
        command.Parameters.AddWithValue("$sample", answer.Sample);
        command.Parameters.AddWithValue("$arm", scope.Arm(role));
        command.Parameters.AddWithValue("$repeat", answer.Repeat);
        var metric = command.Parameters.AddWithValue("$metric", 0L);
        var scores = new double?[scope.Metrics.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            metric.Value = scope.Metrics[i].Number;
            scores[i] = command.ExecuteScalar() as double?;
        }

        return scores;
    }

    /// <summary>A row of the query; Dapper writes its properties.</summary>
    private sealed class PlacedAnswer : StoredAnswer
    {
        public long Sample { get; set; }

        public int Repeat { get; set; }

        public string Id { get; set; } = "";

        public string? Message { get; set; }
    }
}
