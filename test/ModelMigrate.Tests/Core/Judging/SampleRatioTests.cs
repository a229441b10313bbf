using System.Text.Json;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>What a restart does to the sample ratio: nobody knows any more which keys were met, so it counts anew and keeps what it found.</summary>
public sealed class SampleRatioTests
{
    private static readonly MigrationId s_id = new("MIG-1");
    private long _sequence;

    [Fact]
    public void Fold_RestartedProcess_CountsAnewFromItsFirstRevision()
    {
        var judge = new Judge(Spec());
        // Late in a long life: revision 40. The next process publishes from 1 again.
        judge.Fold(NewBlock(incarnation: 1, revision: 40, source: 900, target: 100));
        var restarted = Restart(judge);
        restarted.Fold(NewBlock(incarnation: 2, revision: 1, source: 90, target: 10));
        restarted.Fold(NewBlock(incarnation: 2, revision: 2, source: 9, target: 1));
        var ratio = Ratio(restarted);
        Assert.Equal((99L, 11L, false), (ratio.SourceKeys, ratio.TargetKeys, ratio.Mismatch));
    }

    [Fact]
    public void Fold_KnownKeysMetAgainAfterRestart_RaiseNoAlarm()
    {
        // The same 1,000 keys, in the right proportion, met anew by each of 50 processes: added up they would be no longer independent.
        var judge = new Judge(Spec());
        for (var incarnation = 1; incarnation <= 50; incarnation++)
        {
            judge = Restart(judge);
            judge.Fold(NewBlock(incarnation, revision: 1, source: 880, target: 120));
        }

        Assert.False(Ratio(judge).Mismatch);
        Assert.Equal(1000, Ratio(judge).SourceKeys + Ratio(judge).TargetKeys);
    }

    [Fact]
    public void Fold_MismatchFound_StaysThroughRestartsUntilAnotherWeight()
    {
        var judge = new Judge(Spec());
        judge.Fold(NewBlock(incarnation: 1, revision: 7, source: 500, target: 500));
        Assert.True(Ratio(judge).Mismatch);
        for (var incarnation = 2; incarnation < 5; incarnation++)
        {
            judge = Restart(judge);
            Assert.True(Ratio(judge).Mismatch);
            judge.Fold(NewBlock(incarnation, revision: 1, source: 90, target: 10));
            Assert.True(Ratio(judge).Mismatch);
        }

        judge.Fold(NewBlock(incarnation: 4, revision: 2, source: 75, target: 25, weight: 250_000));
        Assert.False(Ratio(judge).Mismatch);
    }

    [Fact]
    public void Fold_BlockOfTheSnapshotBefore_DoesNotBringTheOldWeightBack()
    {
        var judge = new Judge(Spec());
        judge.Fold(NewBlock(incarnation: 1, revision: 2, source: 75, target: 25, weight: 250_000));
        judge.Fold(NewBlock(incarnation: 1, revision: 1, source: 9, target: 1));
        Assert.Equal((250_000, 75L, 25L), (Ratio(judge).WeightPpm, Ratio(judge).SourceKeys, Ratio(judge).TargetKeys));
    }

    private static JudgeSpec Spec() => new() { Migration = s_id, Attempt = 1, Gates = GateDefaults.Chat };

    private static SampleRatioEvidence Ratio(Judge judge) => judge.Evaluate([], 1, DateTimeOffset.UnixEpoch).SampleRatio;

    // Through JSON, as a checkpoint goes.
    private static Judge Restart(Judge judge) =>
        new(Spec(), JsonSerializer.Deserialize<JudgeState>(JsonSerializer.Serialize(judge.Snapshot())));

    private Block NewBlock(long incarnation, long revision, int source, int target, int weight = 100_000)
    {
        _sequence++;
        return new Block
        {
            Key = new BlockKey(s_id, 1, revision, _sequence, _sequence, "local", incarnation, _sequence),
            WeightPpm = weight,
            Ended = true,
            Source = new ArmCounts { Admissions = source, Ended = source },
            Target = new ArmCounts { Admissions = target, Ended = target },
            NewSourceKeys = source,
            NewTargetKeys = target,
        };
    }
}
