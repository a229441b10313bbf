using System.Collections.Concurrent;
using ModelMigrate.Control.Evaluation.Load;
using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Control.Evaluation.Timing;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Evaluation.Load;
using ModelMigrate.Providers.Http;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Control.Evaluation.Timing;

/// <summary>Loads on a manual clock, over real HTTP.</summary>
public sealed class LoadRunTests : IAsyncLifetime, IDisposable
{
    private const string Streamed = "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(125);
    private static readonly LoadShape s_even = new() { Arrivals = ArrivalKind.Constant, Rate = 8, Requests = 80 };

    private readonly ManualClock _clock = new();
    private readonly ProviderConnections _connections;
    private readonly ConcurrentQueue<TaskCompletionSource> _held = new();
    private StubUpstream _upstream = null!;
    private volatile bool _stalls;

    public LoadRunTests() => _connections = new ProviderConnections(_clock);

    public void Dispose() => _connections.Dispose();

    public async Task InitializeAsync()
    {
        _upstream = await StubUpstream.StartAsync(async (context, received) =>
        {
            if (_stalls)
            {
                var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _held.Enqueue(held);
                await held.Task;
            }

            await StubUpstream.Events(Streamed)(context, received);
        });
    }

    public async Task DisposeAsync()
    {
        Release();
        await _upstream.DisposeAsync();
    }

    /// <summary>
    /// 8 requests a second for 10 s, and the server stalls from second 2 to 6.9375: 40 requests come meanwhile and have waited 4.9375 s, 4.8125 s and so on. A tester that waited for the first
    /// of them would have seen one slow request in forty-one.
    /// </summary>
    [Fact]
    public async Task Run_ServerStalls_IsLateForAllWhoCameMeanwhile()
    {
        var report = await StalledAsync(new LoadOptions { Open = s_even, Slo = TimeSpan.FromSeconds(1) }, mostHeld: 40);

        Assert.Equal((80L, 80L, 80L, 0L, 40), (report.Requests, report.Sent, report.Answered, report.NotSent, report.MostInFlight));
        Assert.Equal(0, report.Latency[0].Ms);
        foreach (var (ms, i) in new[] { (4437.5, 1), (4937.5, 2), (4937.5, 3) })
        {
            Assert.InRange(report.Latency[i].Ms!.Value, ms, ms * 1.001);
            Assert.Equal(report.Latency[i].Ms, report.FirstToken[i].Ms);
        }

        // Of the stalled, those who came in its last second were good.
        Assert.Equal((9.875, 80 / 9.875, 48 / 9.875, 0.0), (report.Seconds, report.RequestsPerSecondReached, report.Goodput, report.SendLagLargestMs));
        Assert.Equal((80 / 10.0, 1.0), (report.RequestsPerSecondAsked, report.SuccessRate));
    }

    [Fact]
    public async Task Run_MoreThanMayBeUnderWay_AreNotSentAndCount()
    {
        var report = await StalledAsync(new LoadOptions { Open = s_even, MaxInFlight = 2 }, mostHeld: 2);

        Assert.Equal((80L, 42L, 42L, 38L, 2), (report.Requests, report.Sent, report.Answered, report.NotSent, report.MostInFlight));
        Assert.Equal(("not_sent", 38L), (report.Errors.Single().Key, report.Errors.Single().Value));
        Assert.Equal(42, _upstream.Requests.Count);
        Assert.Equal((0.0, false), (report.Latency[0].Ms!.Value, report.Latency[0].IsAtLeast));
        Assert.Equal((60_000.0, true), (report.Latency[1].Ms!.Value, report.Latency[1].IsAtLeast));
        Assert.Equal((60_000.0, true), (report.FirstToken[2].Ms!.Value, report.FirstToken[2].IsAtLeast));
        Assert.Equal(42 / 80.0, report.SuccessRate);
    }

    /// <summary>A tester that is late itself must not hide what its requests would have waited.</summary>
    [Fact]
    public async Task Run_SentLate_CountsFromWhenItShouldHaveBegun()
    {
        using var run = new LoadRun(Arm(), TimingPrompts.Own, new LoadOptions { Open = s_even with { Requests = 40 } }, model => Adapters.For(model, _connections, _clock), _clock);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var report = await run.RunAsync(null, default);

        Assert.Equal((40L, 5000.0), (report.Answered, report.SendLagLargestMs));
        foreach (var (ms, i) in new[] { (2500.0, 0), (4750, 1), (5000, 2) })
        {
            Assert.InRange(report.Latency[i].Ms!.Value, ms, ms * 1.001);
            Assert.InRange(report.FirstToken[i].Ms!.Value, ms, ms * 1.001);
        }
    }

    /// <summary>Users begin one after the other, and each asks again when answered.</summary>
    [Fact]
    public async Task Run_Users_BeginOverTheRampAndAskTheirNumber()
    {
        var running = Run(new LoadOptions { Users = new LoadUsers(3, TimeSpan.FromSeconds(3), RequestsEach: 2, Duration: null), MaxInFlight = 1 }, out var run);
        foreach (var requests in new[] { 2, 4, 6 })
        {
            await Waiting.UntilAsync(() => run.Progress is var at && at.Answered == requests);
            Assert.Equal(requests, _upstream.Requests.Count);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var report = await running;
        Assert.Equal(("closed", 3, 6L, 0L, null), (report.Mode, report.Users, report.Answered, report.NotSent, report.RequestsPerSecondAsked));
    }

    [Fact]
    public async Task Run_NobodyThere_EndsAndSaysSo()
    {
        _upstream.Answers = StubUpstream.Json("{\"error\":{\"message\":\"down\"}}", 503);
        var running = Run(new LoadOptions { Open = s_even with { Requests = 1000 } }, out _);
        await Waiting.AdvanceUntilAsync(_clock, running);
        var report = await running;

        Assert.Equal(RunEndKind.Unreachable, report.End);
        Assert.StartsWith("The target m answered none of its first 2", report.IncompleteBecause, StringComparison.Ordinal);
        Assert.True(_upstream.Requests.Count < 1000);
    }

    [Fact]
    public async Task Run_CostLimit_SendsNoMoreAndWaitsForWhatIsUnderWay()
    {
        _stalls = true;
        var arm = Arm();
        var running = Run(new LoadOptions { Open = s_even, MaxCost = 0.0000025m, Settings = new AskSettings { MaxTokens = 1 } }, out var run, arm with { Model = arm.Model with { InputCostPer1K = 0, OutputCostPer1K = 0.001m } });
        await Waiting.UntilAsync(() => _held.Count == 1 && _clock.NextDelay is not null);
        _clock.Advance(s_step);
        await Waiting.UntilAsync(() => _held.Count == 2 && _clock.NextDelay is not null);
        _clock.Advance(s_step);
        Assert.False(running.IsCompleted);
        Release();
        var report = await running;

        Assert.Equal((RunEndKind.Budget, 2L, 2), (report.End, report.Answered, _upstream.Requests.Count));
    }

    private static ComparedArm Arm(StubUpstream upstream) => new(ArmRole.Target, "m", Snapshots.Model("m", ProviderKind.OpenAi, $"{upstream.Url}v1"));

    private ComparedArm Arm() => Arm(_upstream);

    private Task<LoadReport> Run(LoadOptions options, out LoadRun run, ComparedArm? arm = null)
    {
        run = new LoadRun(arm ?? Arm(), TimingPrompts.Own, options, model => Adapters.For(model, _connections, _clock), _clock);
        return run.RunAsync(null, default);
    }

    /// <summary>Moves the clock from arrival to arrival, each time after all that can be answered is and the next arrival is waited for.</summary>
    private async Task<LoadReport> StalledAsync(LoadOptions options, int mostHeld)
    {
        var running = Run(options, out var run);
        var held = 0;
        for (var came = 1; came <= 80; came++)
        {
            var at = (came - 1) * s_step;
            held = at < TimeSpan.FromSeconds(2) || at >= TimeSpan.FromSeconds(7) ? 0 : Math.Min(mostHeld, held + 1);
            await Waiting.UntilAsync(() => run.Progress is var progress && progress.Requests == came && progress.InFlight == held && _held.Count == held && (came == 80 || _clock.NextDelay is not null));
            _stalls = at + s_step >= TimeSpan.FromSeconds(2) && at + s_step < TimeSpan.FromSeconds(7);
            if (came == 80)
            {
                break;
            }

            // The stall ends between two arrivals.
            _clock.Advance(s_step / 2);
            if (!_stalls)
            {
                Release();
                await Waiting.UntilAsync(() => run.Progress.InFlight == 0);
            }

            _clock.Advance(s_step / 2);
        }

        return await running;
    }

    private void Release()
    {
        _stalls = false;
        while (_held.TryDequeue(out var held))
        {
            held.SetResult();
        }
    }
}
