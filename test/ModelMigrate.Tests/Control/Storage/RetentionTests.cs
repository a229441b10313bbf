using Microsoft.Data.Sqlite;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Storage;

/// <summary>Thirty days after its end a migration is forgotten, and what it took on disk is given back.</summary>
public sealed class RetentionTests
{
    private const string Other = "MIG-other";

    private static readonly string s_config = ControlBench.Config("""
          MIG-other:
            route: search
            to: new
            steps: [10%]
            hold: 1h
        """).Replace("routes:\n", "routes:\n  search: { model: spare }\n", StringComparison.Ordinal);

    [Fact]
    public async Task Tick_ThirtyDaysAfterTheEnd_EndedOneIsForgottenAndTheActiveOneStays()
    {
        await using var bench = await ControlBench.StartAsync(s_config);
        await bench.Plane.Loop.AskAsync(() => bench.Plane.Controller.Act(Other, RolloutVerb.Start, "tester", ""), CancellationToken.None);
        await bench.RunAsync(TimeSpan.FromSeconds(30));
        await bench.ActAsync(RolloutVerb.Rollback);
        await bench.RunAsync(TimeSpan.FromSeconds(3));
        await bench.Plane.DisposeAsync();
        Fill(bench, rows: 9_000);

        bench.Clock.Advance(TimeSpan.FromDays(29));
        bench.Open();
        await bench.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(RolloutPhase.RolledBack, bench.Phase);
        var (kept, large) = (Rows(bench, ControlBench.Id), bench.Plane.Journal.SizeBytes);
        Assert.True(kept["blocks"] > 9_000 && kept["ticks"] > 0 && kept["events"] > 0, string.Join(", ", kept));
        await bench.Plane.DisposeAsync();

        bench.Clock.Advance(TimeSpan.FromDays(2));
        bench.Open();
        // A slice a tick: no tick may take as long as a lease.
        await bench.RunAsync(TimeSpan.FromSeconds(10), traffic: false);
        Assert.All(Rows(bench, ControlBench.Id), table => Assert.Equal(0, table.Value));
        var active = Rows(bench, Other);
        Assert.True(active["events"] > 0 && active["ticks"] > 0 && active["checkpoints"] == 1, string.Join(", ", active));
        Assert.Equal(RolloutPhase.RolledBack, bench.Phase);
        Assert.InRange(bench.Plane.Journal.SizeBytes, 1, large / 4);
    }

    private static Dictionary<string, long> Rows(ControlBench bench, string migration) =>
        new[] { "blocks", "ticks", "events", "checkpoints" }.ToDictionary(
            table => table, table => Scalar(bench, $"SELECT count(*) FROM {table} WHERE migration = '{migration}'"));

    // As many blocks as a long migration has, each as large as one with many keys.
    private static void Fill(ControlBench bench, int rows) => Scalar(
        bench,
        $"""
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
        INSERT INTO blocks SELECT '{ControlBench.Id}', 1, 1, 999, i, hex(zeroblob(1000)) FROM n RETURNING 0
        """);

    private static long Scalar(ControlBench bench, string sql)
    {
        NativeSqlite.Load();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(bench.Folder, "data", "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names out of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
