using Dapper;
using Microsoft.Data.Sqlite;

namespace ModelMigrate.Control.Storage.Sqlite;

internal sealed partial class Journal
{
    /// <summary>
    /// Every k-th block of some migrations, k chosen so that about <paramref name="most"/> come: enough to measure traffic from, however
    /// long it ran. Each with its migration and attempt and k.
    /// </summary>
    public IReadOnlyList<StoredBlock> SampleBlocks(IReadOnlyList<string> migrations, int? attempt, int most)
    {
        using var reader = Connect(_file, SqliteOpenMode.ReadOnly);
        var count = reader.ExecuteScalar<long>(
            "SELECT COUNT(*) FROM blocks WHERE migration IN @migrations AND (@attempt IS NULL OR attempt = @attempt)", new { migrations, attempt });
        var every = Math.Max(1, (long)Math.Ceiling(count / (double)most));
        return
        [
            .. reader.Query<StoredBlock>(
                """
                SELECT migration AS Migration, CAST(attempt AS INTEGER) AS Attempt, incarnation AS Incarnation, json AS Json FROM blocks
                WHERE migration IN @migrations AND (@attempt IS NULL OR attempt = @attempt) AND sequence % @every = 0
                """,
                new { migrations, attempt, every }).Select(block => block with { Every = every }),
        ];
    }

    /// <summary>The exposure that was granted to a migration's attempt, and the number of its newest chunk.</summary>
    public (long Spent, long Newest) ChunksOf(string migration, int attempt)
    {
        using var reader = Connect(_file, SqliteOpenMode.ReadOnly);
        return reader.QuerySingle<(long, long)>(
            "SELECT COALESCE(SUM(size), 0), COALESCE(MAX(chunk), 0) FROM chunks WHERE migration = @migration AND attempt = @attempt", new { migration, attempt });
    }

    /// <summary>A block as it is kept.</summary>
    internal sealed record StoredBlock
    {
        public required string Migration { get; init; }

        public required long Attempt { get; init; }

        public required long Incarnation { get; init; }

        public required string Json { get; init; }

        /// <summary>How many blocks it stands for.</summary>
        public long Every { get; init; } = 1;
    }
}
