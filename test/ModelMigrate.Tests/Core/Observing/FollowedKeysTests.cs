using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

/// <summary>Which keys a block tells apart.</summary>
public sealed class FollowedKeysTests
{
    private static readonly MigrationId s_id = new("MIG-1");
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Admit_KeysOfAHundredth_AreFollowedAndRareOnesNot()
    {
        var keys = new FollowedKeys([]);
        var random = new Random(1);
        for (var i = 0; i < 60_000; i++)
        {
            // Ten keys of 1 % each among many thousands: more than are remembered.
            keys.Admit(random.NextDouble() < 0.1 ? (ulong)random.Next(10) : (ulong)random.Next(100, 20_000), Arm.Source);
        }

        Assert.Equal(10, keys.Count);
        Assert.All(Enumerable.Range(0, 10), key => Assert.True(keys.Admit((ulong)key, Arm.Target)));
    }

    [Fact]
    public void Admit_OnTheTargetOnly_IsNotFollowed()
    {
        var keys = new FollowedKeys([]);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(keys.Admit(7, Arm.Target)));
        Assert.Equal(0, keys.Count);
    }

    [Fact]
    public void Admit_MoreHeavyKeysThanFit_FirstOnesStay()
    {
        var keys = new FollowedKeys([]);
        for (var round = 0; round < 20; round++)
        {
            for (var key = 1UL; key <= 100; key++)
            {
                keys.Admit(key, Arm.Source);
            }
        }

        Assert.Equal(FollowedKeys.Most, keys.Count);
        Assert.True(keys.Admit(1, Arm.Source));
        Assert.True(new FollowedKeys([55, 7]).Admit(7, Arm.Target));
    }

    [Fact]
    public void TakeEnded_FollowedKey_CarriesItsRequestsAndItsEventsOfBothArms()
    {
        var frozen = new FrozenQuantiles(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9));
        var counted = new CountedSignals { Quantiles = [LatencyQuantile.TotalP50], Throttling = true };
        var builder = new BlockBuilder(s_id, 1, "r", 1, counted, frozen, followed: [7]);
        (Arm Arm, ulong Key, Outcome Outcome)[] requests =
        [
            (Arm.Source, 7, Outcome.Throttled), (Arm.Source, 7, Outcome.Ok), (Arm.Source, 8, Outcome.Error), (Arm.Source, 9, Outcome.Ok),
            (Arm.Target, 7, Outcome.Throttled), (Arm.Target, 8, Outcome.Error), (Arm.Target, 9, Outcome.Ok),
        ];
        for (var i = 0; i < requests.Length; i++)
        {
            var (arm, key, outcome) = requests[i];
            builder.Accept(ObservationEvent.Of(new Admission(i + 1, s_id, 1, 1, 500_000, arm, key, s_start)));
            builder.Accept(ObservationEvent.Of(new Observation { Ticket = i + 1, Outcome = outcome, Latency = TimeSpan.FromMilliseconds(100) }));
        }

        var ended = new List<Block>();
        builder.TakeEnded(s_start.AddSeconds(70), ended);
        var block = Assert.Single(ended);
        Assert.Equal([new KeyCount(7, 2, 1)], block.FollowedKeys);
        Assert.Equal([new KeyCount(7, 1, 1), new KeyCount(8, 0, 1)], block.FailureKeys);
        Assert.Equal([new KeyCount(7, 1, 1)], block.Signals[0].Keys);
        // All seven took longer than the quantile; the source's keys 8 and 9 are not followed.
        Assert.Equal(new KeyCount(7, 2, 1), block.Exceedances[0].Keys.Single(key => key.Key == 7));
        Assert.Equal(2, block.Exceedances[0].Keys.Where(key => key.Key != 7).Count(key => key is { Source: 0, Target: 1 }));
    }
}
