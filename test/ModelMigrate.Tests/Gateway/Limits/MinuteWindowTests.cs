using ModelMigrate.Gateway.Limits;

namespace ModelMigrate.Tests.Gateway.Limits;

public sealed class MinuteWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sum_WhateverWasTaken_NoSixtySecondsHoldMoreThanTheLimit(int seed)
    {
        const int Limit = 100;
        var random = new Random(seed);
        var window = new MinuteWindow();
        var taken = new List<(double At, long Amount)>();
        for (var now = 1.0; now < 2_000; now += random.NextDouble() * random.Next(1, 12))
        {
            var amount = random.Next(1, 40);
            if (window.Sum((long)now) + amount <= Limit)
            {
                window.Add((long)now, amount);
                taken.Add((now, amount));
            }
        }

        Assert.All(taken, last => Assert.InRange(taken.Where(t => t.At > last.At - 60 && t.At <= last.At).Sum(t => t.Amount), 1, Limit));
        Assert.True(taken.Sum(t => t.Amount) > Limit * 20, "A limit that lets too little pass is none.");
    }

    [Fact]
    public void SecondsUntil_Waited_ThenThereIsRoom_AndNotBefore()
    {
        var random = new Random(7);
        for (var run = 0; run < 300; run++)
        {
            var window = new MinuteWindow();
            var second = (long)random.Next(1, 500);
            for (var i = 0; i < 20; i++)
            {
                window.Add(second, random.Next(1, 10));
                second += random.Next(0, 6);
            }

            var most = random.Next(0, 60);
            var wait = window.SecondsUntil(second, most);
            Assert.True(window.Sum(second + wait) <= most);
            Assert.True(wait == 0 || window.Sum(second + wait - 1) > most);
        }
    }

    [Fact]
    public void Add_ToASliceThatIsOver_ChangesNothing()
    {
        var window = new MinuteWindow();
        window.Add(62, 5);
        window.Add(1, 7);
        Assert.Equal(5, window.Sum(62));
        window.Add(62, -9);
        Assert.Equal(0, window.Sum(62));
    }
}
