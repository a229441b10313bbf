using Dapper;
using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Storing;

/// <summary>
/// The durable results of a folder: answers by their content, and scores keyed by data set, sample, arm, repeat and the metric's signature. One process at a
/// time; within it one writer, and readers behind a lock of their own.
/// </summary>
public sealed partial class EvaluationStore : IDisposable
{
    private const string FileName = "evaluation.db";

    private readonly DataDirectory? _directory;
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly Lock _reading = new();
    private AnswerWriter? _answers;

    private EvaluationStore(DataDirectory? directory, SqliteConnection writer, SqliteConnection reader) =>
        (_directory, _writer, _reader) = (directory, writer, reader);

    /// <summary>Opens or creates the store of a folder, else says what is wrong and what to do.</summary>
    public static EvaluationStore? TryOpen(string folder, out string problem)
    {
        if (DataDirectory.TryOpen(folder, out problem, "--out") is not { } directory)
        {
            return null;
        }

        NativeSqlite.Load();
        var file = Path.Combine(directory.Path, FileName);
        SqliteConnection? writer = null;
        try
        {
            writer = Connect(file, SqliteOpenMode.ReadWriteCreate);
            var version = writer.ExecuteScalar<int>("PRAGMA user_version");
            if (version <= StoreSchema.Version)
            {
                writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
                if (version < StoreSchema.Version)
                {
                    using var transaction = new WriteTransaction(writer);
                    writer.Execute((version == 0 ? StoreSchema.Create : "") + StoreSchema.Second + $"PRAGMA user_version={StoreSchema.Version};");
                    transaction.Commit();
                }

                return new EvaluationStore(directory, writer, Connect(file, SqliteOpenMode.ReadWrite));
            }

            problem = $"The results '{file}' have schema {version}; this program knows up to {StoreSchema.Version}. Run the newer program that wrote them, or name another folder with --out.";
        }
        catch (SqliteException failed)
        {
            problem = Broken(file, failed);
        }

        writer?.Dispose();
        directory.Dispose();
        return null;
    }

    /// <summary>Where the results are.</summary>
    public string File => _writer.DataSource;

    /// <summary>Where a folder keeps its results.</summary>
    public static string FileOf(string folder) => Path.Combine(folder, FileName);

    /// <summary>What is wrong with results that cannot be used, and what to do.</summary>
    public static string Broken(string file, Exception failed) =>
        $"The results '{file}' cannot be used: {failed.Message} See that the disk has space and the folder is writable, then run the same command again: what is there is kept. Or name another folder with --out.";

    /// <summary>The numbers of what a comparison is about; what is new gets one.</summary>
    public StoreScope Scope(EvaluationPlan plan, IReadOnlyList<AnswerMetric> metrics)
    {
        using var transaction = new WriteTransaction(_writer);
        var scope = new StoreScope(
            Number("datasets", plan.DatasetHash), Number("arms", plan.SourceKey), Number("arms", plan.TargetKey),
            [.. metrics.Zip(plan.Metrics, (metric, planned) => (metric, planned, name: plan.ScoredAs(planned))).Select(each => new ScopedMetric(each.metric, Number("metrics", each.name), each.name, each.planned.Grading))]);
        transaction.Commit();
        return scope;
    }

    /// <summary>Remembers what was asked for; the newest stands last.</summary>
    public void Keep(string planJson)
    {
        using var transaction = new WriteTransaction(_writer);
        _writer.Execute("DELETE FROM plans WHERE json = @planJson", new { planJson });
        _writer.Execute("INSERT INTO plans (json) VALUES (@planJson)", new { planJson });
        transaction.Commit();
    }

    /// <summary>Throws errors away, so that those rows are asked again.</summary>
    public void ForgetErrors(StoreScope scope)
    {
        using var transaction = new WriteTransaction(_writer);
        ForgetGradings(scope);
        _writer.Execute(
            """
            DELETE FROM scores WHERE dataset = @Dataset AND EXISTS (SELECT 1 FROM results r
                WHERE r.dataset = scores.dataset AND r.arm = scores.arm AND r.sample = scores.sample AND r.repeat = scores.repeat AND r.error IS NOT NULL AND r.arm IN (@Source, @Target))
            """,
            scope);
        _writer.Execute("DELETE FROM results WHERE dataset = @Dataset AND arm IN (@Source, @Target) AND error IS NOT NULL", scope);
        transaction.Commit();
    }

    /// <summary>Keeps all of them, durably, or none. An answer that is kept already is a bug and throws.</summary>
    internal void Write(StoreScope scope, IReadOnlyList<FinishedAnswer> batch)
    {
        _answers ??= new AnswerWriter(_writer);
        using var transaction = new WriteTransaction(_writer);
        foreach (var item in batch)
        {
            _answers.Write(scope, item);
        }

        transaction.Commit();
    }

    /// <summary>Keeps scores of answers that were there before their metric was asked for.</summary>
    internal void Write(StoreScope scope, IReadOnlyList<(long Sample, int Repeat, ArmRole Role, long Metric, StoredScore Score)> scores)
    {
        _answers ??= new AnswerWriter(_writer);
        using var transaction = new WriteTransaction(_writer);
        foreach (var (sample, repeat, role, metric, score) in scores)
        {
            _answers.Write(scope.Dataset, metric, sample, scope.Arm(role), repeat, score);
        }

        transaction.Commit();
    }

    public void Dispose()
    {
        _answers?.Dispose();
        _reader.Dispose();
        _writer.Dispose();
        _directory?.Dispose();
    }

    private long Number(string table, string name) =>
        _writer.ExecuteScalar<long>($"INSERT INTO {table} (name) VALUES (@name) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING number", new { name });

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
