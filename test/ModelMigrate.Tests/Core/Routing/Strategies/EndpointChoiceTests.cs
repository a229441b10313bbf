using System.Text;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Strategies;

namespace ModelMigrate.Tests.Core.Routing.Strategies;

public sealed class EndpointChoiceTests
{
    // In flight, failed checks, dollars, milliseconds, failures, surplus.
    private static readonly EndpointReading[] s_three =
    [
        new(4, 0.02, 0.010, 900, 0.001, 3),
        new(2, 0.10, 0.002, 400, 0.050, 1),
        new(3, 0.04, 0.004, 200, 0.020, 2),
    ];

    [Theory]
    [InlineData(EndpointStrategy.Balanced, 2)]
    [InlineData(EndpointStrategy.QualityFirst, 0)]
    [InlineData(EndpointStrategy.CostOptimized, 1)]
    [InlineData(EndpointStrategy.SpeedPriority, 2)]
    [InlineData(EndpointStrategy.ReliabilityFirst, 0)]
    [InlineData(EndpointStrategy.LeastLoaded, 1)]
    [InlineData(EndpointStrategy.CapabilityMatch, 1)]
    public void Choose_ThreeThatDiffer_TheBestByItsMeasureWhateverTheTurn(EndpointStrategy strategy, int expected) =>
        Assert.All(Enumerable.Range(0, 9), turn => Assert.Equal(expected, EndpointChoice.Choose(strategy, s_three, (uint)turn, 0.5)));

    [Fact]
    public void Choose_Balanced_IsTheMeanOfWhatEachIsRelativeToTheWorst()
    {
        // (.02/.1 + 1 + 1 + .02)/4 = .555; (1 + .2 + .4/.9 + 1)/4 = .661; (.4 + .4 + .2/.9 + .4)/4 = .356
        Assert.Equal(2, EndpointChoice.Choose(EndpointStrategy.Balanced, s_three, 0, 0));
        Assert.Equal(0, EndpointChoice.Choose(EndpointStrategy.Balanced, s_three.AsSpan(0, 2), 0, 0));
    }

    [Theory]
    [InlineData(EndpointStrategy.CostOptimized)]
    [InlineData(EndpointStrategy.SpeedPriority)]
    [InlineData(EndpointStrategy.QualityFirst)]
    [InlineData(EndpointStrategy.ReliabilityFirst)]
    [InlineData(EndpointStrategy.Balanced)]
    public void Choose_NearlyEqual_TheOneWithFewerUnderWay(EndpointStrategy strategy)
    {
        EndpointReading[] near = [new(5, 0.100, 1.00, 100, 0.100), new(1, 0.104, 1.04, 104, 0.104)];
        EndpointReading[] far = [new(5, 0.100, 1.00, 100, 0.100), new(1, 0.200, 1.50, 150, 0.200)];
        for (var turn = 0u; turn < 2; turn++)
        {
            Assert.Equal(1, EndpointChoice.Choose(strategy, near, turn, 0));
            Assert.Equal(0, EndpointChoice.Choose(strategy, [near[1], near[0]], turn, 0));
            Assert.Equal(0, EndpointChoice.Choose(strategy, far, turn, 0));
        }
    }

    [Theory]
    [InlineData(EndpointStrategy.CostOptimized)]
    [InlineData(EndpointStrategy.SpeedPriority)]
    [InlineData(EndpointStrategy.QualityFirst)]
    [InlineData(EndpointStrategy.ReliabilityFirst)]
    [InlineData(EndpointStrategy.Balanced)]
    public void Choose_NothingKnown_IsTriedFirst(EndpointStrategy strategy)
    {
        EndpointReading[] readings = [new(0, 0.1, 1, 100, 0.1), new(0, null, null, null, null), new(0, 0.2, 2, 200, 0.2)];
        Assert.Contains(EndpointChoice.Choose(strategy, readings, 1, 0), new[] { 1 });
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(turn => EndpointChoice.Choose(strategy, new EndpointReading[3], (uint)turn, 0)));
    }

    [Fact]
    public void Choose_RoundRobin_EachInTurn() => Assert.Equal(
        [0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(turn => EndpointChoice.Choose(EndpointStrategy.RoundRobin, s_three, (uint)turn, 0.9)));

    [Fact]
    public void Choose_Random_EachAsOften()
    {
        var random = new Random(1);
        var counts = new int[3];
        for (var i = 0; i < 30_000; i++)
        {
            counts[EndpointChoice.Choose(EndpointStrategy.Random, s_three, 0, random.NextDouble())]++;
        }

        // Four standard deviations of a third of 30,000.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 327, 10_000 + 327));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Choose_LeastLoaded_KeepsEndpointsWithinOneOfEachOther(int seed)
    {
        var random = new Random(seed);
        var running = new int[5];
        for (var turn = 0; turn < 10_000; turn++)
        {
            var chosen = EndpointChoice.Choose(EndpointStrategy.LeastLoaded, [.. running.Select(n => new EndpointReading(n, null, null, null, null))], (uint)turn, 0);
            Assert.Equal(running.Min(), running[chosen]);
            running[chosen]++;
            if (running.Sum() > 50)
            {
                var ended = random.Next(5);
                running[ended] = Math.Max(0, running[ended] - 1);
            }
        }
    }

    [Theory]
    [InlineData(EndpointStrategy.Balanced)]
    [InlineData(EndpointStrategy.LeastLoaded)]
    [InlineData(EndpointStrategy.CapabilityMatch)]
    [InlineData(EndpointStrategy.SpeedPriority)]
    public void Choose_AllEqual_EachGetsItsShare(EndpointStrategy strategy)
    {
        var counts = new int[4];
        for (var turn = 0u; turn < 400; turn++)
        {
            counts[EndpointChoice.Choose(strategy, [.. Enumerable.Repeat(new EndpointReading(1, 0.1, 1, 100, 0.1, 1), 4)], turn, 0)]++;
        }

        Assert.Equal([100, 100, 100, 100], counts);
    }

    [Fact]
    public void ByKey_EndpointLeaves_OnlyItsOwnKeysMove()
    {
        uint[] places = [.. Enumerable.Range(0, 5).Select(i => Bucketing.Murmur3(Encoding.UTF8.GetBytes($"provider-{i}/m"), 0))];
        var counts = new int[5];
        for (var i = 0; i < 20_000; i++)
        {
            var key = Encoding.UTF8.GetBytes($"user-{i}");
            var before = EndpointChoice.ByKey(key, places);
            counts[before]++;
            var after = EndpointChoice.ByKey(key, [places[0], places[1], places[3], places[4]]);
            Assert.True(before == 2 || before == (after < 2 ? after : after + 1));
        }

        // Five standard deviations of a fifth of 20,000.
        Assert.All(counts, count => Assert.InRange(count, 4_000 - 283, 4_000 + 283));
    }

    [Fact]
    public void Words_AllNine_ReadBack()
    {
        Assert.Equal(Enum.GetValues<EndpointStrategy>(), StrategyWords.All.Select(known => known.Value));
        Assert.All(StrategyWords.All, known => Assert.True(StrategyWords.TryParse(known.Word, out var read) && read == known.Value && StrategyWords.Of(read) == known.Word));
    }
}
