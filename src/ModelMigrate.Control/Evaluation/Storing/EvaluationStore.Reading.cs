using Dapper;
using ModelMigrate.Control.Evaluation.Asking;
using ModelMigrate.Control.Evaluation.Pairing;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Evaluation.Results;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Storing;

public sealed partial class EvaluationStore
{
    /// <summary>The newest plan's JSON, or null.</summary>
    public string? NewestPlan()
    {
        lock (_reading)
        {
            return _reader.QueryFirstOrDefault<string>("SELECT json FROM plans ORDER BY number DESC LIMIT 1");
        }
    }

    /// <summary>What became of the rows that one model was asked.</summary>
    public EvaluationArm Tally(StoreScope scope, ArmRole role, string name)
    {
        lock (_reading)
        {
            var arm = new { scope.Dataset, Arm = scope.Arm(role) };
            var sums = _reader.QuerySingle<ArmSums>(
                """
                SELECT count(r.answer) AS answers, count(r.error) AS errors, count(r.retries) AS retried, coalesce(sum(r.error IS NULL AND r.nano_cost IS NULL), 0) AS unpriced,
                    coalesce(sum(r.nano_cost), 0) AS nano, coalesce(sum(a.input_tokens), 0) AS input, coalesce(sum(a.output_tokens), 0) AS output, max(a.model) AS version
                FROM results r LEFT JOIN answers a ON a.number = r.answer WHERE r.dataset = @Dataset AND r.arm = @Arm
                """,
                arm);
            var kinds = _reader.Query<(string Kind, long Count)>("SELECT error, count(*) FROM results WHERE dataset = @Dataset AND arm = @Arm AND error IS NOT NULL GROUP BY error", arm);
            return new EvaluationArm
            {
                Model = name,
                ReportedVersion = sums.Version,
                Answers = sums.Answers,
                Errors = sums.Errors,
                ErrorsByKind = new SortedDictionary<string, long>(kinds.ToDictionary(static kind => kind.Kind, static kind => kind.Count, StringComparer.Ordinal), StringComparer.Ordinal),
                Retried = sums.Retried,
                InputTokens = sums.Input,
                OutputTokens = sums.Output,
                Cost = sums.Unpriced > 0 ? null : sums.Nano / AnswerWriter.Nano,
            };
        }
    }

    /// <summary>Milliseconds of every answer that was asked for and not taken from the cache, sorted; until its first piece, if so asked.</summary>
    public IReadOnlyList<double> Latencies(StoreScope scope, ArmRole role, bool areFirst = false)
    {
        var column = areFirst ? "first_token_ms" : "latency_ms";
        lock (_reading)
        {
            return
            [
                .. _reader.Query<double>(
                    $"SELECT {column} FROM results WHERE dataset = @Dataset AND arm = @Arm AND cached = 0 AND {column} IS NOT NULL ORDER BY {column}",
                    new { scope.Dataset, Arm = scope.Arm(role) }, buffered: false),
            ];
        }
    }

    /// <summary>Ids and clusters of every row that was asked, in the data set's order.</summary>
    public IReadOnlyList<(string Id, string? Cluster)> Samples(StoreScope scope)
    {
        lock (_reading)
        {
            return [.. _reader.Query<(string, string?)>("SELECT id, cluster FROM samples WHERE dataset = @Dataset ORDER BY sample", scope)];
        }
    }

    /// <summary>Dollars that this comparison's answers cost, those taken from the cache not counted.</summary>
    internal decimal Spent(StoreScope scope)
    {
        lock (_reading)
        {
            return _reader.ExecuteScalar<long>("SELECT coalesce(sum(nano_cost), 0) FROM results WHERE dataset = @Dataset AND arm IN (@Source, @Target) AND cached = 0", scope) / AnswerWriter.Nano;
        }
    }

    internal DoneRows Done(StoreScope scope, int repeats)
    {
        var done = new DoneRows(repeats);
        lock (_reading)
        {
            foreach (var (arm, sample, repeat) in _reader.Query<(long Arm, long Sample, int Repeat)>(
                "SELECT arm, sample, repeat FROM results WHERE dataset = @Dataset AND arm IN (@Source, @Target) AND repeat < @repeats",
                new { scope.Dataset, scope.Source, scope.Target, repeats }, buffered: false))
            {
                done.Add(sample, repeat, arm == scope.Source ? 0 : 1);
            }
        }

        return done;
    }

    /// <summary>Metrics that not every kept answer has a score of, those that programs and judges score not among them.</summary>
    internal IReadOnlyList<ScopedMetric> Unscored(StoreScope scope)
    {
        lock (_reading)
        {
            var answers = _reader.ExecuteScalar<long>("SELECT count(*) FROM results WHERE dataset = @Dataset AND arm IN (@Source, @Target)", scope);
            return
            [
                .. scope.Scored.Where(metric => _reader.ExecuteScalar<long>(
                    "SELECT count(*) FROM scores WHERE dataset = @Dataset AND metric = @Number AND arm IN (@Source, @Target)",
                    new { scope.Dataset, scope.Source, scope.Target, metric.Number }) < answers),
            ];
        }
    }

    /// <summary>A kept answer by where it belongs; null when there is none.</summary>
    internal AskedAnswer? Find(StoreScope scope, ArmRole role, long sample, int repeat)
    {
        lock (_reading)
        {
            return _reader.QueryFirstOrDefault<StoredAnswer>(
                """
                SELECT a.text, a.finish, a.model, a.input_tokens AS inputTokens, a.output_tokens AS outputTokens, r.nano_cost AS nanoCost, r.error, r.latency_ms AS latencyMs, r.first_token_ms AS firstTokenMs, r.cached
                FROM results r LEFT JOIN answers a ON a.number = r.answer WHERE r.dataset = @Dataset AND r.arm = @arm AND r.sample = @sample AND r.repeat = @repeat
                """,
                new { scope.Dataset, arm = scope.Arm(role), sample, repeat })?.Answer;
        }
    }

    /// <summary>An answer by its content, whatever comparison it was asked for; null when there is none.</summary>
    internal AskedAnswer? Find(byte[] key)
    {
        lock (_reading)
        {
            return _reader.QueryFirstOrDefault<StoredAnswer>(
                "SELECT text, finish, model, input_tokens AS inputTokens, output_tokens AS outputTokens, nano_cost AS nanoCost, 1 AS cached FROM answers WHERE key = @key",
                new { key })?.Answer;
        }
    }

    internal bool HasAnswers()
    {
        lock (_reading)
        {
            return _reader.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM answers)") == 1;
        }
    }

    internal bool HasScore(StoreScope scope, long metric, ArmRole role, long sample, int repeat)
    {
        lock (_reading)
        {
            return _reader.ExecuteScalar<long>(
                "SELECT EXISTS (SELECT 1 FROM scores WHERE dataset = @Dataset AND metric = @metric AND sample = @sample AND arm = @arm AND repeat = @repeat)",
                new { scope.Dataset, metric, sample, arm = scope.Arm(role), repeat }) == 1;
        }
    }

    /// <summary>The id of a row.</summary>
    public string Id(StoreScope scope, long sample)
    {
        lock (_reading)
        {
            return _reader.ExecuteScalar<string>("SELECT id FROM samples WHERE dataset = @Dataset AND sample = @sample", new { scope.Dataset, sample })!;
        }
    }

    /// <summary>Both arms' scores by one metric in the data set's order, repeats of a row averaged. A row that one arm was not asked is missing there.</summary>
    public MetricReading Scores(StoreScope scope, AnswerMetric metric, long number)
    {
        var pair = new PairReading(metric, scope.Source);
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText =
                """
                SELECT s.sample, s.arm, s.value, s.counts, p.cluster FROM scores s JOIN samples p ON p.dataset = s.dataset AND p.sample = s.sample
                WHERE s.dataset = $dataset AND s.metric = $metric AND s.arm IN ($source, $target) ORDER BY s.sample, s.arm, s.repeat
                """;
            command.Parameters.AddWithValue("$dataset", scope.Dataset);
            command.Parameters.AddWithValue("$metric", number);
            command.Parameters.AddWithValue("$source", scope.Source);
            command.Parameters.AddWithValue("$target", scope.Target);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                pair.Take(
                    rows.GetInt64(0), rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetDouble(2), rows.IsDBNull(3) ? null : StoredScore.Read((byte[])rows.GetValue(3)),
                    rows.IsDBNull(4) ? null : rows.GetString(4));
            }
        }

        return pair.Read();
    }

    /// <summary>The text of a kept answer, or null.</summary>
    public string? Text(StoreScope scope, ArmRole role, long sample) => Find(scope, role, sample, repeat: 0)?.Text;

    /// <summary>A row of the query; Dapper writes its properties.</summary>
    private sealed class ArmSums
    {
        public long Answers { get; set; }

        public long Errors { get; set; }

        public long Retried { get; set; }

        public long Unpriced { get; set; }

        public long Nano { get; set; }

        public long Input { get; set; }

        public long Output { get; set; }

        public string? Version { get; set; }
    }

    /// <summary>A row of the query; Dapper writes its properties.</summary>
    private class StoredAnswer
    {
        public string? Text { get; set; }

        public string? Finish { get; set; }

        public string? Model { get; set; }

        public long? InputTokens { get; set; }

        public long? OutputTokens { get; set; }

        public long? NanoCost { get; set; }

        public string? Error { get; set; }

        public double? LatencyMs { get; set; }

        public double? FirstTokenMs { get; set; }

        public long Cached { get; set; }

        public AskedAnswer Answer => new()
        {
            Text = Text, Finish = Finish, Model = Model, InputTokens = InputTokens, OutputTokens = OutputTokens, Cost = NanoCost / AnswerWriter.Nano, Error = Error,
            LatencyMs = LatencyMs, FirstTokenMs = FirstTokenMs, IsCached = Cached == 1,
        };
    }
}
