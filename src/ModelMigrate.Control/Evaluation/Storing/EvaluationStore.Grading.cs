using Dapper;
using ModelMigrate.Control.Evaluation.Grading;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Storage.Sqlite;

namespace ModelMigrate.Control.Evaluation.Storing;

public sealed partial class EvaluationStore
{
    /// <summary>Kept answers of the plan's rows that a program or a judge has not scored yet, by all metrics together.</summary>
    public long Ungraded(StoreScope scope, long rows, int repeats)
    {
        lock (_reading)
        {
            return scope.Graded.Sum(metric => _reader.ExecuteScalar<long>(
                """
                SELECT count(*) FROM results r WHERE r.dataset = @Dataset AND r.arm IN (@Source, @Target) AND r.sample < @rows AND r.repeat < @repeats AND NOT EXISTS (
                    SELECT 1 FROM scores s WHERE s.dataset = r.dataset AND s.metric = @Number AND s.sample = r.sample AND s.arm = r.arm AND s.repeat = r.repeat)
                """,
                new { scope.Dataset, scope.Source, scope.Target, rows, repeats, metric.Number }));
        }
    }

    /// <summary>Dollars that judges cost by these metrics.</summary>
    internal decimal SpentOnGrading(StoreScope scope)
    {
        lock (_reading)
        {
            return scope.Graded.Sum(metric => _reader.ExecuteScalar<long>(
                "SELECT coalesce(sum(nano_cost), 0) FROM gradings WHERE dataset = @Dataset AND metric = @Number AND arm IN (@Source, @Target)",
                new { scope.Dataset, scope.Source, scope.Target, metric.Number })) / AnswerWriter.Nano;
        }
    }

    /// <summary>Hands over every grading by one metric, of one arm or of both, in the data set's order.</summary>
    internal void Gradings(StoreScope scope, ScopedMetric metric, ArmRole? role, Action<StoredGrading> take)
    {
        lock (_reading)
        {
            foreach (var grading in _reader.Query<StoredGrading>(
                """
                SELECT g.calls, g.retries, g.malformed, g.input_tokens AS inputTokens, g.output_tokens AS outputTokens, g.nano_cost AS nanoCost, g.versions, g.detail, s.value
                FROM gradings g JOIN scores s ON s.dataset = g.dataset AND s.metric = g.metric AND s.sample = g.sample AND s.arm = g.arm AND s.repeat = g.repeat
                WHERE g.dataset = @Dataset AND g.metric = @Number AND g.arm IN (@first, @second) ORDER BY g.sample, g.arm, g.repeat
                """,
                new { scope.Dataset, metric.Number, first = scope.Arm(role ?? ArmRole.Source), second = scope.Arm(role ?? ArmRole.Target) }, buffered: false))
            {
                take(grading);
            }
        }
    }

    /// <summary>Keeps scores with what they cost, durably, all of them or none.</summary>
    internal void Write(StoreScope scope, IReadOnlyList<GradedAnswer> batch)
    {
        _answers ??= new AnswerWriter(_writer);
        using var transaction = new WriteTransaction(_writer);
        foreach (var item in batch)
        {
            _answers.Write(scope.Dataset, item.Metric, item.Sample, scope.Arm(item.Role), item.Repeat, item.Score);
            if (item.Note is { } note)
            {
                _answers.Write(scope.Dataset, item.Metric, item.Sample, scope.Arm(item.Role), item.Repeat, note);
            }
        }

        transaction.Commit();
    }

    /// <summary>What a judge could not be asked is asked again, and pairs of which one answer was an error. The transaction is the caller's.</summary>
    private void ForgetGradings(StoreScope scope)
    {
        foreach (var metric in scope.Graded)
        {
            var arms = new { scope.Dataset, scope.Source, scope.Target, metric.Number };
            _writer.Execute(
                """
                DELETE FROM scores WHERE dataset = @Dataset AND metric = @Number AND arm IN (@Source, @Target) AND EXISTS (SELECT 1 FROM gradings g
                    WHERE g.dataset = scores.dataset AND g.metric = scores.metric AND g.sample = scores.sample AND g.repeat = scores.repeat AND g.failure IS NOT NULL
                    AND (g.arm = scores.arm OR @isOfPair))
                """,
                new { arms.Dataset, arms.Source, arms.Target, arms.Number, isOfPair = metric.Grading!.IsOfPair });
            _writer.Execute("DELETE FROM gradings WHERE dataset = @Dataset AND metric = @Number AND arm IN (@Source, @Target) AND failure IS NOT NULL", arms);
            if (metric.Grading.IsOfPair)
            {
                _writer.Execute(
                    """
                    DELETE FROM scores WHERE dataset = @Dataset AND metric = @Number AND EXISTS (SELECT 1 FROM results r
                        WHERE r.dataset = scores.dataset AND r.arm IN (@Source, @Target) AND r.sample = scores.sample AND r.repeat = scores.repeat AND r.error IS NOT NULL)
                    """,
                    arms);
            }
        }
    }
}
