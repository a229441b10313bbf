using System.Text.Json;
using ModelMigrate.Control.Intake;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Control.Storage;

/// <summary>What an earlier version stored is read, and a specification that uses nothing new is written as that version wrote it.</summary>
public sealed class OldJsonTests
{
    [Fact]
    public void GateSpec_NothingNewUsed_WrittenAsBefore() => Assert.Equal(
        """{"name":"errors","metric":"error_rate","margin":0.01,"tolerance":1,"alpha_share":4,"required":true}""",
        JsonSerializer.Serialize(GateDefaults.Chat[0], StoredJson.Options()));

    [Fact]
    public void GateSpec_Old_ReadWithTheDefaults()
    {
        var gate = JsonSerializer.Deserialize<GateSpec>(
            """{"name":"errors","metric":"error_rate","margin":0.01,"tolerance":1,"alpha_share":2,"required":true}""", StoredJson.Options());
        Assert.Equal(GateDefaults.Chat[0] with { AlphaShare = 2 }, gate);
    }

    [Fact]
    public void Block_Old_ReadWithoutSignals()
    {
        const string Old = """
            {"key":{"migration":"MIG-1","attempt":1,"revision":1,"first_slice":5,"last_slice":6,"replica":"local","incarnation":1,"sequence":1},
             "weight_ppm":500000,"ended":true,"source":{"admissions":3,"ended":3},"target":{"admissions":3,"ended":3,"failures":1},
             "pairs":{"lost":1,"even":2,"won":0},"quantiles":{"total_p50":"00:00:01","total_p90":"00:00:02","first_token_p50":"00:00:01","first_token_p90":"00:00:02"},
             "exceedances":[{"quantile":"total_p50","source_exposures":3,"source_events":1,"target_exposures":3,"target_events":1,"keys":""}],
             "failure_keys":"","admission_keys":"","new_source_keys":3,"new_target_keys":3}
            """;
        var block = JsonSerializer.Deserialize(Old, IntakeJson.Stored.Block)!;
        Assert.Equal((0, 0, 0, null), (block.Signals.Count, block.Scores.Count, block.FollowedKeys.Count, block.MeanCost));
        Assert.Equal(TimeSpan.FromSeconds(2), block.Quantiles![LatencyQuantile.TotalP90]);
    }

    [Fact]
    public void Checkpoint_Old_GoesOn()
    {
        const string Old = """
            {"attempt":1,"epoch":1,"counted_until":"2026-01-01T00:00:00+00:00","gap_seconds":0,"source_versions":{"known":[],"taught":0},"target_versions":{"known":[],"taught":0},
             "judge":{"attempt":1,"epoch":1,"blocks":2,"replicas":[],"gates":[{"name":"errors","source_exposures":100,"source_events":1,"target_exposures":50,"target_events":2,
              "harm":{"blocks":2,"logs":"AAAAAAAAAAA=","keys":[{"key":7,"events":2,"logs":"AAAAAAAAAAA="}]},"pairs":{"lost":1,"even":40,"won":0},"promotions":[]}]}}
            """;
        var gate = JsonSerializer.Deserialize(Old, IntakeJson.Stored.EvidenceCheckpoint)!.Judge.Gates[0];
        Assert.Equal((0L, 0, 0), (gate.Table.Count, gate.Harm.Wealth.Length, gate.Harm.Keys.Count));
        Assert.Equal(40, gate.Pairs.Even);
        Assert.Equal((0, null, 0L), (gate.Risks.Keys.Count, gate.HarmAdjusted, gate.Watch.Blocks));
    }

    [Fact]
    public void GateState_Old_GoesOn()
    {
        const string Old = """{"name":"errors","source_exposures":100,"source_events":1,"target_exposures":50,"target_events":2,"pairs":{"lost":1,"even":40,"won":0},"promotions":[]}""";
        var state = JsonSerializer.Deserialize<GateState>(Old, StoredJson.Options())!;
        Assert.Equal((0L, null, 0L), (state.Table.Count, state.NoDataSince, state.Invalid));
        Assert.Equal((100L, 40L), (state.SourceExposures, state.Pairs.Even));
    }
}
