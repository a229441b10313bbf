using System.Text;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

public sealed class AfterCommitTests
{
    private static readonly RouteLimits Limits = new() { FirstToken = TimeSpan.FromSeconds(5), Whole = TimeSpan.FromSeconds(5), Idle = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task TargetCut_AfterCommit_ErrorEventAndOutcomeError()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.Chunks));
        await using var target = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..3]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target)));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var begin = new byte[string.Concat(ChatSamples.Chunks[..3]).Length];
        await stream.ReadExactlyAsync(begin);
        target.Requests.Single().Cut.SetResult();
        var text = await BrokenStream.ReadAsync(response);

        Assert.Equal(string.Concat(ChatSamples.Chunks[..3]), Encoding.UTF8.GetString(begin));
        Assert.Equal(
            "data: {\"error\":{\"message\":\"The provider 't-provider' broke off in the middle of its answer.\",\"type\":\"api_error\",\"param\":null,\"code\":\"upstream_unreachable\"}}\n\n",
            text);
        Assert.Empty(source.Requests);
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Error, false, true), (ended.Outcome, ended.Rescued, ended.UserError));
    }

    [Fact]
    public async Task StreamSilent_AfterCommit_IdleLimitEndsItWithAnErrorEvent()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]));
        var model = GatewayHost.Model("t", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(GatewayHost.Model("s", upstream), model, Limits));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        var reading = BrokenStream.ReadAsync(response);
        await Waiting.ForAsync(upstream);
        await Waiting.AdvanceUntilAsync(gateway.Clock, reading);

        Assert.Contains("fell silent for 5 s", await reading, StringComparison.Ordinal);
        Assert.Equal(Outcome.Timeout, gateway.Ended().Single().Outcome);
        await upstream.Requests.Single().Gone.Task;
    }

    [Fact]
    public async Task EndMarkMissing_AfterFinish_StreamEndsAsSuccess()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..4]));
        var model = GatewayHost.Model("t", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model, Limits));

        using var response = await gateway.PostAsync(ChatSamples.Streamed);
        var sent = string.Concat(ChatSamples.Chunks[..4]);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        // Only when the client has it all does the silence begin that the clock is moved over.
        var received = new char[sent.Length];
        Assert.Equal(sent.Length, await reader.ReadBlockAsync(received));
        var reading = reader.ReadToEndAsync();
        await Waiting.AdvanceUntilAsync(gateway.Clock, reading);

        Assert.Equal(sent + "data: [DONE]\n\n", new string(received) + await reading);
        Assert.Equal(Outcome.Ok, gateway.Ended().Single().Outcome);
    }

    [Fact]
    public async Task ClientGone_MidStream_UpstreamIsHungUpAndNobodyCharged()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]));
        var model = GatewayHost.Model("t", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));
        using var client = new CancellationTokenSource();

        var response = await gateway.PostAsync(ChatSamples.Streamed, client.Token);
        await Waiting.ForAsync(upstream);
        response.Dispose();

        await upstream.Requests.Single().Gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        List<Observation> ended;
        while ((ended = gateway.Ended()).Count == 0)
        {
            await Task.Yield();
        }

        Assert.Equal((Outcome.Canceled, false), (ended[0].Outcome, ended[0].UserError));
    }

    [Fact]
    public async Task Rollback_WithCut_UncommittedIsRescuedAndRunningEndsWithAnErrorEvent()
    {
        await using var source = await StubUpstream.StartAsync(StubUpstream.Events(ChatSamples.Chunks));
        await using var target = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        var route = GatewayHost.Migrating(GatewayHost.Model("s", source), GatewayHost.Model("t", target));
        await using var gateway = await GatewayHost.StartAsync(route);

        var uncommitted = gateway.PostAsync(ChatSamples.Streamed);
        await Waiting.ForAsync(target);
        target.Answers = StubUpstream.EventsThenSilence(ChatSamples.Chunks[..2]);
        using var running = await gateway.PostAsync(ChatSamples.Streamed);
        gateway.Publish(route with { Split = route.Split! with { WeightPpm = 0, CutTarget = true } });
        using var rescued = await uncommitted;

        Assert.EndsWith("[DONE]\n\n", await rescued.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("The answering model was rolled back.", await BrokenStream.ReadAsync(running), StringComparison.Ordinal);
        Assert.Equal([Outcome.Canceled, Outcome.Canceled], gateway.Ended().Select(e => e.Outcome));
    }
}
