using Microsoft.Data.Sqlite;
using ModelMigrate.Control;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Storage;

public sealed class JournalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-journal-");
    private readonly ManualClock _clock = new();

    private static RolloutSpec Spec => new()
    {
        Id = new MigrationId("MIG-1"),
        Route = new RouteId("chat"),
        Source = new ModelId("old"),
        Target = new ModelId("new"),
        Fingerprint = "f",
        Steps = [new RolloutStep { WeightPpm = 100_000, MarginFactor = 4, Approval = true }],
        Gates = GateDefaults.Chat,
        HardStops = [new HardStopSpec { Name = "stop", Metric = HardStopMetric.LatencyP99, Threshold = 2 }],
        ExposureBudget = 50,
        OnRegression = RegressionPolicy.Freeze,
        InFlight = InFlightPolicy.Cut,
        Seed = uint.MaxValue,
    };

    [Fact]
    public void Load_AfterCommit_SpecAndStateWholeAndHashStable()
    {
        var state = new RolloutState
        {
            Id = Spec.Id, Phase = RolloutPhase.Frozen, Interrupted = RolloutPhase.Watching, Step = 2, Attempt = 3, EvidenceEpoch = 4, WeightPpm = 5,
            ExposureSpent = 6, ExposureChunk = 7, TargetProven = true, Reason = "why", Since = _clock.GetUtcNow().AddTicks(1), Alerted = ["errors"],
            ApprovedStep = 1, ServedBy = new ModelId("spare"),
        };
        using (var journal = Open())
        {
            var batch = new JournalBatch();
            batch.States.Add((Spec, state));
            Assert.True(journal.Value.TryCommit(batch, out _));
        }

        using var again = Open();
        var stored = Assert.Single(again.Value.Load());
        Assert.Equal(JournalJson.Text(Spec), JournalJson.Text(stored.Spec));
        Assert.Equal(JournalJson.Text(state), JournalJson.Text(stored.State));
        Assert.Equal(JournalJson.Hash(Spec), stored.SpecHash);
        Assert.Equal(2, again.Value.Incarnation);
    }

    [Fact]
    public void TryCommit_OneRowRefused_NothingWritten()
    {
        using var journal = Open();
        var batch = new JournalBatch();
        batch.States.Add((Spec, new RolloutState { Id = Spec.Id }));
        batch.Chunks.Add(new("MIG-1", 1, 1, 10, _clock.GetUtcNow()));
        batch.Chunks.Add(new("MIG-1", 1, 1, 10, _clock.GetUtcNow()));
        Assert.False(journal.Value.TryCommit(batch, out var problem));
        Assert.Contains("UNIQUE", problem, StringComparison.Ordinal);
        Assert.Empty(journal.Value.Load());
    }

    [Fact]
    public void TryOpen_JournalOfANewerProgram_RefusedWithRemedy()
    {
        using (Open())
        {
        }

        using (var other = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "journal.db")};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            command.ExecuteNonQuery();
        }

        using var directory = DataDirectory.TryOpen(_folder.FullName, out _)!;
        Assert.Null(Journal.TryOpen(directory, _clock, out var problem));
        Assert.Contains("Run the newer program", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_DirectoryHeld_NamesTheHolder()
    {
        using var first = DataDirectory.TryOpen(_folder.FullName, out _);
        Assert.Null(DataDirectory.TryOpen(_folder.FullName, out var problem));
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void TryPurge_EndedLongAgo_StateStaysWhileDeclared(bool declared, int left)
    {
        using var journal = Open();
        var batch = new JournalBatch();
        batch.States.Add((Spec, new RolloutState { Id = Spec.Id, Phase = RolloutPhase.Completed, Since = _clock.GetUtcNow() }));
        batch.Blocks.Add(new("MIG-1", 1, 1, 1, "{}"));
        batch.Events.Add(new()
        {
            Migration = "MIG-1", Attempt = 1, At = _clock.GetUtcNow(), Actor = "a", Kind = "k", Reason = "r", From = "f", To = "t", WeightPpm = 0,
        });
        Assert.True(journal.Value.TryCommit(batch, out _));
        Assert.True(journal.Value.TryPurge(_clock.GetUtcNow().AddDays(1), declared ? new HashSet<string> { "MIG-1" } : [], out var more, out _));
        Assert.False(more);
        Assert.Equal(left, journal.Value.Load().Count);
        Assert.Empty(journal.Value.Events("MIG-1", 10));
    }

    [Fact]
    public async Task TryOpen_SecondControlPlaneOnTheSameData_ExitCode3()
    {
        await using var bench = await ControlBench.StartAsync();
        var second = ControlPlane.TryOpen(
            bench.Options(), new SnapshotFeed(_clock), new ObservationStream(_clock), _clock, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, out var fault);
        Assert.Null(second);
        Assert.Equal(3, fault!.ExitCode);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Opened Open()
    {
        var directory = DataDirectory.TryOpen(_folder.FullName, out var problem) ?? throw new InvalidOperationException(problem);
        return new Opened(directory, Journal.TryOpen(directory, _clock, out problem) ?? throw new InvalidOperationException(problem));
    }

    private sealed class Opened(DataDirectory directory, Journal journal) : IDisposable
    {
        public Journal Value => journal;

        public void Dispose()
        {
            journal.Dispose();
            directory.Dispose();
        }
    }
}
