using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class KeyTallyTests
{
    [Fact]
    public void Notable_AnyBlock_KeysOfACountOfAll() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), Arb.From(Gen.Choose(0, 3000)), static (seed, size) =>
    {
        var random = new Random(seed);
        var requests = new PagedList<Request>();
        var all = new List<(ulong Key, Arm Arm)>();
        var crowd = random.Next(1, 2000);
        for (var i = 0; i < size; i++)
        {
            // A few keys send much, some of them at the end only, behind a crowd that sends once.
            var key = random.Next(3) == 0 && i > size / 3 ? (ulong)random.Next(30) : 100 + (ulong)random.Next(crowd);
            var arm = random.Next(10) == 0 ? Arm.Target : Arm.Source;
            requests.Add(new Request(arm, key, 0));
            all.Add((key, arm));
        }

        Assert.Equal(Counted(all), new KeyTally().Notable(requests));
    }).QuickCheckThrowOnFailure();

    private static IEnumerable<KeyCount> Counted(List<(ulong Key, Arm Arm)> all)
    {
        var leastTotal = Math.Max(1, (int)(0.04 * all.Count));
        var leastTarget = Math.Max(1, (int)(0.04 * all.Count(static r => r.Arm == Arm.Target)));
        return all.GroupBy(static r => r.Key)
            .Select(static g => new KeyCount(g.Key, g.Count(static r => r.Arm == Arm.Source), g.Count(static r => r.Arm == Arm.Target)))
            .Where(k => k.Target >= leastTarget || k.Source + k.Target >= leastTotal)
            .OrderByDescending(static k => k.Target).ThenByDescending(static k => k.Source + k.Target).ThenBy(static k => k.Key)
            .Take(BlockOptions.MaxKeys);
    }
}
