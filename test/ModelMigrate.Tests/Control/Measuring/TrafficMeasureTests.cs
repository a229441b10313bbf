using ModelMigrate.Control.Measuring;
using ModelMigrate.Core.Rollouts;

namespace ModelMigrate.Tests.Control.Measuring;

/// <summary>What the controller knows of a route's traffic, over real HTTP, and what it says of absolute hard stops from that.</summary>
public sealed class TrafficMeasureTests
{
    private const string Stops = """
            hardStops:
              - { name: errors_5m, metric: errorRate, threshold: 5%, relativeTo: absolute }
              - { name: twice, metric: errorRate, threshold: 5% }
        """;

    [Fact]
    public async Task Traffic_AfterAMigrationRan_RateErrorsAndLatencyOfTheSource()
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config());
        server.Bench.SourceErrors = 0.05;
        server.Bench.TargetErrors = 0.05;
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(8));

        var (traffic, problem) = await server.Admin.TrafficAsync("chat");

        Assert.Null(problem);
        Assert.Equal([ControlBench.Id], traffic!.Migrations);
        Assert.InRange(traffic.Seconds, 4, 9);
        // Fifty requests every quarter of a second; the span's ends are whole seconds.
        Assert.InRange(traffic.Rate!.Value, 150, 220);
        Assert.Equal(traffic.Rate.Value, traffic.Requests / traffic.Seconds, 6);
        Assert.InRange(traffic.ErrorRate!.Value, 0.02, 0.09);
        Assert.InRange(traffic.P50Ms!.Value, 190, 210);
    }

    [Fact]
    public async Task Traffic_NothingMeasuredYet_SaysSoWithoutFigures()
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config());
        var (traffic, _) = await server.Admin.TrafficAsync("chat");
        Assert.Equal((null, 0L, 0), (traffic!.Rate, traffic.Requests, traffic.Migrations.Count));
    }

    [Theory]
    [InlineData("api/v1/routes/nowhere/traffic", "route_not_found", "There are: chat")]
    [InlineData("api/v1/routes/chat/traffic?days=0", "invalid_days", "from 1 to 366")]
    [InlineData("api/v1/routes/chat/traffic?days=week", "invalid_days", "week")]
    public async Task Traffic_WrongRequest_NamesIt(string path, string code, string says)
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config());
        using var answer = await server.Http.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Contains(code, body, StringComparison.Ordinal);
        Assert.Contains(says, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SampleBlocks_FarMoreThanAsked_EveryKth()
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config());
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(9));
        var all = server.Bench.Plane.Journal.SampleBlocks([ControlBench.Id], attempt: 1, most: 1000);
        var some = server.Bench.Plane.Journal.SampleBlocks([ControlBench.Id], attempt: null, most: 2);
        Assert.All(all, block => Assert.Equal(1, block.Every));
        Assert.InRange(some.Count, 1, 2);
        Assert.InRange(some.Count * some[0].Every, all.Count - some[0].Every, all.Count);
        Assert.Empty(server.Bench.Plane.Journal.SampleBlocks([ControlBench.Id], attempt: 2, most: 2));
    }

    [Fact]
    public async Task HardStops_OfARunningMigration_FigureAtItsOwnBaseRate()
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config(Stops));
        server.Bench.SourceErrors = 0.03;
        server.Bench.TargetErrors = 0.03;
        var (before, _) = await server.Admin.MigrationAsync(ControlBench.Id);
        Assert.Equal(["errors_5m"], before!.HardStops!.Stops.Select(stop => stop.Name));
        Assert.Null(before.HardStops.Stops[0].Probability);
        Assert.Contains("100 requests on the source", before.HardStops.Stops[0].Text, StringComparison.Ordinal);

        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(6));
        var (detail, _) = await server.Admin.MigrationAsync(ControlBench.Id);
        var stops = detail!.HardStops!;
        Assert.InRange(stops.Stops[0].Probability!.Value, 0, 1);
        Assert.Matches(@"^1?\d\d\.?\d* requests/s, [0-9.]+ % errors, median latency 2\d\d|19\d ms.* source requests of this attempt$", stops.Assumed);

        var (report, _) = await server.Admin.ReportAsync(ControlBench.Id);
        Assert.Contains("## Absolute hard stops\n\n- Hard stop errors_5m (", report, StringComparison.Ordinal);
        Assert.Contains("no longer covers this migration", report, StringComparison.Ordinal);

        // The answer to a verb waits for no simulation.
        var (acted, _) = await server.Admin.ActAsync(ControlBench.Id, "pause");
        Assert.Null(acted!.HardStops);
    }

    [Fact]
    public async Task HardStops_AskedAgain_SimulatedOnce()
    {
        await using var server = await ControlServer.OfAsync(ControlBench.Config(Stops));
        await server.Bench.ActAsync(RolloutVerb.Start);
        await server.Bench.RunAsync(TimeSpan.FromSeconds(6));
        var figures = new HardStopFigures(server.Bench.Plane.Journal);
        var now = server.Bench.Clock.GetUtcNow();
        var first = figures.Of(server.Bench.Reading, now);
        Assert.Same(first, figures.Of(server.Bench.Reading, now.AddMinutes(4)));
        Assert.NotSame(first, figures.Of(server.Bench.Reading, now.AddMinutes(6)));
    }
}
