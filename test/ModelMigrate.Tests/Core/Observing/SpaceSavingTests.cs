using ModelMigrate.Core.Observing.Building;

namespace ModelMigrate.Tests.Core.Observing;

public sealed class SpaceSavingTests
{
    [Fact]
    public void Add_NoPlaceLeft_NewcomerInheritsTheLightest()
    {
        var keys = new SpaceSaving(2);
        Assert.Equal((0, 0L), (keys.Add(7, 5, out var first), first));
        Assert.Equal((1, 0L), (keys.Add(8, 3, out var second), second));
        Assert.Equal((0, -1L), (keys.Add(7, 1, out var again), again));
        Assert.Equal((1, 3L), (keys.Add(9, 2, out var inherited), inherited));
        Assert.Equal((6L, 5L, -1), (keys.CountAt(0), keys.CountAt(1), keys.Find(8)));
    }

    [Fact]
    public void Add_SkewedStream_HeavyKeysStayWithinTheBound()
    {
        const int Places = 16, Keys = 3, Total = 20_000;
        var random = new Random(5);
        var keys = new SpaceSaving(Places);
        var counted = new Dictionary<ulong, long>();
        for (var i = 0; i < Total; i++)
        {
            var key = random.NextDouble() < 0.3 ? (ulong)random.Next(Keys) : (ulong)random.Next(Keys, 5000);
            keys.Add(key, 1, out _);
            counted[key] = counted.GetValueOrDefault(key) + 1;
        }

        for (var key = 0UL; key < Keys; key++)
        {
            var at = keys.Find(key);
            Assert.InRange(keys.CountAt(at) - counted[key], 0, Total / Places);
        }
    }
}
