using System.Collections.Concurrent;
using ModelMigrate.Control.Evaluation.Performance;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Evaluation.Timing;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation.Timing;

public sealed class PerformanceRunTests
{
    private const string Streamed = "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    /// <summary>Known times on a manual clock, over real HTTP: the figures are exactly those.</summary>
    [Fact]
    public async Task Run_ScriptedStreams_GivesExactlyTheirTimes()
    {
        await using var stream = await ScriptedStream.StartAsync();
        stream.Then([5000, 900]).Then([200, 10, 30]).Then([100, 20, 20, 20], after: 40);
        var report = await Run(stream, warmup: 1, iterations: 2);

        var batch = Assert.Single(Assert.Single(report.Models).Batches);
        Assert.Equal((RunEndKind.Whole, "m-2026", 2L, 2L, 0L), (report.End, report.Models[0].ReportedVersion, batch.Calls, batch.Answered, batch.WarmupErrors));
        Assert.Equal([200, 240], batch.Latency.Select(Ms));
        Assert.Equal([100, 200], batch.FirstToken.Select(Ms));
        Assert.Equal([20, 30], batch.InterToken.Select(Ms));
        Assert.Equal([200, 240], batch.Round.Select(Ms));
        Assert.Equal((7L, 0.44, 0L), (batch.OutputTokens, batch.Seconds, batch.CountedCalls));
        Assert.Equal(7 / 0.44, batch.TokensPerSecond!.Value, 9);
        Assert.Equal(3 / 0.24, batch.TokensPerSecondOfCall!.Value, 9);
    }

    /// <summary>A call that fails at once must not look fast, and one that broke off has a gap that never ended.</summary>
    [Fact]
    public async Task Run_FailedCalls_StandBehindAllOthers()
    {
        await using var stream = await ScriptedStream.StartAsync();
        stream.Then([100, 10]).Then([], end: ScriptedStream.End.Refused).Then([50, 10], end: ScriptedStream.End.Cut).Then([120, 12], hasUsage: false);
        var batch = (await Run(stream, warmup: 0, iterations: 4)).Models[0].Batches[0];

        Assert.Equal((4L, 2L), (batch.Calls, batch.Answered));
        Assert.Equal([("connection", 1L), ("provider", 1L)], batch.Errors.Select(static error => (error.Key, error.Value)));
        Assert.Equal([(132, false), (60_000, true)], batch.Latency.Select(static figure => (figure.Ms!.Value, figure.IsAtLeast)));
        Assert.Equal([(100, false), (60_000, true)], batch.FirstToken.Select(static figure => (figure.Ms!.Value, figure.IsAtLeast)));
        Assert.Equal([(10, false), (60_000, true)], batch.InterToken.Select(static figure => (figure.Ms!.Value, figure.IsAtLeast)));
        Assert.Equal((4L, 1L, 0.0), (batch.OutputTokens, batch.CountedCalls, batch.TokensPerSecondOfCall));
    }

    [Fact]
    public async Task Run_NoAnswerInTime_IsATimeoutAndAtLeastTheLimit()
    {
        var clock = new ManualClock();
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        using var connections = new ProviderConnections(clock);
        var running = new PerformanceRun([Arm(upstream)], TimingPrompts.Own, Options(0, 1, 1), model => Adapters.For(model, connections, clock), clock).RunAsync(null, default);
        await Waiting.ForAsync(upstream);
        clock.Advance(TimeSpan.FromSeconds(60));
        var batch = (await running).Models[0].Batches[0];

        Assert.Equal(("timeout", 1L), (batch.Errors.Single().Key, batch.Errors.Single().Value));
        Assert.Equal((60_000.0, true), (batch.Latency[0].Ms!.Value, batch.Latency[0].IsAtLeast));
    }

    /// <summary>A round is under way all at once, and the models take turns at beginning.</summary>
    [Fact]
    public async Task Run_TwoModels_InTurnWithWholeRounds()
    {
        var order = new ConcurrentQueue<string>();
        await using var source = await HeldAsync("source", order);
        await using var target = await HeldAsync("target", order);
        using var connections = new ProviderConnections(TimeProvider.System);
        var run = new PerformanceRun(
            [Arm(source, ArmRole.Source), Arm(target)], TimingPrompts.Own, Options(0, 2, 3), model => Adapters.For(model, connections, TimeProvider.System), TimeProvider.System);
        var report = await run.RunAsync(null, default);

        // A stub answers only when three calls are there, so a run that sent them one by one would not end.
        Assert.Equal(["source", "source", "source", "target", "target", "target", "target", "target", "target", "source", "source", "source"], order);
        Assert.Equal(["source", "target"], report.Models.Select(static model => model.Role));
        Assert.All(report.Models, static model => Assert.Equal(6, model.Batches[0].Answered));
        Assert.Equal(source.Requests.Select(static request => request.Text).Order(StringComparer.Ordinal), target.Requests.Select(static request => request.Text).Order(StringComparer.Ordinal));
        Assert.Equal(6, source.Requests.Select(static request => request.Text).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Run_NobodyThere_EndsAfterTwentyCalls()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{\"error\":{\"message\":\"down\"}}", 503));
        using var connections = new ProviderConnections(TimeProvider.System);
        var report = await new PerformanceRun([Arm(upstream)], TimingPrompts.Own, Options(5, 50, 4), model => Adapters.For(model, connections, TimeProvider.System), TimeProvider.System).RunAsync(null, default);

        Assert.Equal((RunEndKind.Unreachable, 20), (report.End, upstream.Requests.Count));
        Assert.StartsWith("The target m answered none of its first 20 calls", report.IncompleteBecause, StringComparison.Ordinal);
    }

    private static double Ms(PercentileFigure figure) => figure.Ms!.Value;

    private static PerformanceOptions Options(int warmup, int iterations, params int[] batches) => new() { Warmup = warmup, Iterations = iterations, Batches = batches };

    private static ComparedArm Arm(StubUpstream upstream, ArmRole role = ArmRole.Target) => new(role, "m", Snapshots.Model("m", ProviderKind.OpenAi, $"{upstream.Url}v1"));

    private static Task<PerformanceReport> Run(ScriptedStream stream, int warmup, int iterations) =>
        new PerformanceRun([new ComparedArm(ArmRole.Target, "m", stream.Model)], TimingPrompts.Own, Options(warmup, iterations, 1), stream.Open, stream.Clock).RunAsync(null, default);

    private static async Task<StubUpstream> HeldAsync(string name, ConcurrentQueue<string> order)
    {
        var (gate, waiting, held) = (new Lock(), new List<TaskCompletionSource>(), 3);
        return await StubUpstream.StartAsync(async (context, received) =>
        {
            order.Enqueue(name);
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
            {
                waiting.Add(mine);
                if (waiting.Count == held)
                {
                    waiting.ForEach(static each => each.SetResult());
                    waiting.Clear();
                }
            }

            await mine.Task;
            await StubUpstream.Events(Streamed)(context, received);
        });
    }
}
