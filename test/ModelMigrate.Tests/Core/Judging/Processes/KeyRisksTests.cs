using System.Text.Json;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging.Processes;

public sealed class KeyRisksTests
{
    [Fact]
    public void Of_TwoBlocks_AreTheRatiosWorkedOutByHand()
    {
        // c = 2 for a key, ½ for the rest. Block 1: level 10/100 = 0.1; key 7: O 6, E 2; rest: O 4, E 8.
        var risks = new KeyRisks(new KeyRisksState());
        Fold(risks, source: 100, events: 10, requests: 20, own: 6);
        Assert.Equal(4.5 / 8.5, risks.Rest, 1e-12);
        Assert.Equal((6 + (2 * 4.5 / 8.5)) / 4, risks.Of(7), 1e-12);
        Assert.Equal(risks.Rest, risks.Of(8));

        // Block 2: the level is events over the sum of the ratios so far.
        var (key, rest) = (risks.Of(7), risks.Rest);
        var level = 5 / ((10 * key) + (40 * rest));
        Fold(risks, source: 50, events: 5, requests: 10, own: 3);
        Assert.Equal((6 + 0.5) / (8 + (40 * level) + 0.5), risks.Rest, 1e-12);
        Assert.Equal((9 + (2 * risks.Rest)) / (2 + (10 * level) + 2), risks.Of(7), 1e-12);
    }

    [Fact]
    public void Adjust_KeyThatFailsSomewhatMore_IsWeighted()
    {
        // r_rest = 1, r_7 = (16 + 2)/(10 + 2) = 1.5. Target: 10 requests, 4 of the key; source: 30, 1 of the key.
        var risks = new KeyRisks(new KeyRisksState { Keys = [new KeyRisk(7, 100, 16, 10)], RestEvents = 9, RestExpected = 9 });
        var block = Block(30, 10, new KeyCount(7, 1, 4));
        var (onTarget, onSource) = (6 + (4 * 1.5), 29 + 1.5);
        var adjusted = risks.Adjust(KeyedBlock.Plain(new EventBlock(30, 0, 10, 1), []), block);
        Assert.Equal(onTarget / (onTarget + onSource), adjusted.Share, 1e-12);
        Assert.Equal(new EventBlock(30, 0, 10, 1), adjusted.Events);
        // A gate that counts half of the source's requests: its own share of the exposures, the same mix of keys.
        Assert.Equal(onTarget / (onTarget + (onSource / 2)), risks.Adjust(KeyedBlock.Plain(new EventBlock(15, 0, 10, 1), []), block).Share, 1e-12);
    }

    [Fact]
    public void Adjust_SickKey_IsLeftOut()
    {
        var risks = new KeyRisks(new KeyRisksState { Keys = [new KeyRisk(7, 100, 95, 9.5)], RestEvents = 9, RestExpected = 9 });
        KeyCount[] events = [new KeyCount(7, 0, 3), new KeyCount(8, 0, 1)];
        var adjusted = risks.Adjust(KeyedBlock.Plain(new EventBlock(30, 2, 10, 5), events), Block(30, 10, new KeyCount(7, 1, 4)));
        Assert.Equal(new EventBlock(29, 2, 6, 2), adjusted.Events);
        Assert.Equal(6 / 35.0, adjusted.Share, 1e-12);
        Assert.Equal([new KeyCount(8, 0, 1)], adjusted.Keys);
        // Nobody else is left on the target: nothing to compare.
        Assert.False(risks.Adjust(KeyedBlock.Plain(new EventBlock(30, 2, 4, 3), events), Block(30, 4, new KeyCount(7, 1, 4))).Events.Compares);
    }

    [Fact]
    public void Adjust_NothingKnownOfTheKeys_IsExactlyThePlainBlock()
    {
        var plain = KeyedBlock.Plain(new EventBlock(31, 1, 7, 1), [new KeyCount(7, 0, 1)]);
        Assert.Equal(plain, new KeyRisks(new KeyRisksState()).Adjust(plain, Block(31, 7, new KeyCount(7, 3, 4))));
        var known = new KeyRisks(new KeyRisksState { Keys = [new KeyRisk(9, 5, 1, 0.1)] });
        Assert.Equal(plain, known.Adjust(plain, Block(31, 7, new KeyCount(7, 3, 4))));
        Assert.Equal(plain, known.Adjust(plain, Block(31, 7)));
    }

    [Fact]
    public void Of_OutageOfTheSourceOrKeysThatLeft_KeepTheirRatio()
    {
        double Ratio(Func<int, double> level, int keyLeavesAt)
        {
            var (risks, random) = (new KeyRisks(new KeyRisksState()), new Random(11));
            for (var block = 0; block < 4000; block++)
            {
                // Key 7 fails ten times as often as the others.
                var requests = block < keyLeavesAt ? 10 : 0;
                var own = Count(random, requests, 10 * level(block));
                Fold(risks, 100, own + Count(random, 100 - requests, level(block)), requests, own);
            }

            return risks.Of(7) / risks.Rest;
        }

        Assert.InRange(Ratio(static _ => 0.01, 4000), 9, 11);
        Assert.InRange(Ratio(static block => block is > 500 and < 900 ? 0.09 : 0.01, 4000), 9, 11);
        Assert.InRange(Ratio(static _ => 0.01, 1000), 8.5, 11.5);
        Assert.InRange(Ratio(static block => block < 500 ? 0.09 : 0.01, 1000), 8.5, 11.5);
    }

    [Fact]
    public void Harm_KeysOfDifferentRatesMove_AtTheAdjustedShareCrossesInAtMostAlpha()
    {
        // Half of the target's requests are of a key that fails 1.9 times as often, none of the source's: known, it is no evidence.
        const double Alpha = 0.1;
        const int Streams = 2000;
        var risks = new KeyRisks(new KeyRisksState { Keys = [new KeyRisk(7, 10_000, 1_900_000, 1_000_000)], RestEvents = 1_000_000, RestExpected = 1_000_000 });
        var crossed = 0;
        var plainCrossed = 0;
        for (var i = 0; i < Streams; i++)
        {
            var random = new Random(i);
            var (harm, plain) = (new HarmProcess(1, 100, new HarmState()), new HarmProcess(1, 100, new HarmState()));
            var (hit, plainHit) = (false, false);
            for (var block = 0; block < 200; block++)
            {
                var events = new EventBlock(20, Count(random, 20, 0.1), 20, Count(random, 10, 0.19) + Count(random, 10, 0.1));
                var adjusted = risks.Adjust(KeyedBlock.Plain(events, []), Block(20, 20, new KeyCount(7, 0, 10)));
                harm.Fold(adjusted.Events, adjusted.Share, adjusted.Keys);
                plain.Fold(events, []);
                hit |= harm.Log >= -Math.Log(Alpha);
                plainHit |= plain.Log >= -Math.Log(Alpha);
            }

            crossed += hit ? 1 : 0;
            plainCrossed += plainHit ? 1 : 0;
        }

        Assert.InRange(crossed / (double)Streams, 0, Alpha + (4 * Math.Sqrt(Alpha * (1 - Alpha) / Streams)));
        Assert.InRange(plainCrossed / (double)Streams, 0.5, 1);
    }

    [Fact]
    public void Snapshot_MoreKeysThanPlaces_GoesOnBitForBit()
    {
        var (whole, parts, random) = (new KeyRisks(new KeyRisksState()), new KeyRisks(new KeyRisksState()), new Random(2));
        for (var i = 0; i < 300; i++)
        {
            var key = (ulong)random.Next(100);
            var (events, own) = (random.Next(1, 5), random.Next(2));
            foreach (var risks in new[] { whole, parts })
            {
                risks.Fold(new EventBlock(50, events, 0, 0), Block(50, 0, new KeyCount(key, 5, 0)), [new KeyCount(key, own, 0)]);
            }

            parts = new KeyRisks(JsonSerializer.Deserialize<KeyRisksState>(JsonSerializer.Serialize(parts.Snapshot()))!);
        }

        Assert.Equal(64, whole.Snapshot().Keys.Count);
        Assert.Equal(JsonSerializer.Serialize(whole.Snapshot()), JsonSerializer.Serialize(parts.Snapshot()));
        Assert.Equal(whole.Rest, parts.Rest);
    }

    private static void Fold(KeyRisks risks, int source, int events, int requests, int own) =>
        risks.Fold(new EventBlock(source, events, 0, 0), Block(source, 0, new KeyCount(7, requests, 0)), [new KeyCount(7, own, 0)]);

    private static Block Block(int source, int target, params KeyCount[] followed) => JudgeKit.Ended(1, source, 0, target, 0) with { FollowedKeys = followed };

    private static int Count(Random random, int requests, double share)
    {
        var count = 0;
        for (var i = 0; i < requests; i++)
        {
            count += random.NextDouble() < share ? 1 : 0;
        }

        return count;
    }
}
