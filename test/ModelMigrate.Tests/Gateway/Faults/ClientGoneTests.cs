using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>
/// A client that hangs up hangs up the provider, at every stage: gateways that went on paid for answers that nobody read (litellm 13774, 17364, 37140).
/// The clock stands still, so that no limit can do it in the cancel's place.
/// </summary>
public sealed class ClientGoneTests
{
    public static TheoryData<ProviderKind, bool, bool> Stages()
    {
        var stages = new TheoryData<ProviderKind, bool, bool>();
        foreach (var kind in ChatSamples.Clients)
        {
            stages.Add(kind, false, false);
            stages.Add(kind, true, false);
            stages.Add(kind, true, true);
        }

        return stages;
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Client_HangsUp_ProviderSeesItAndNobodyIsCharged(ProviderKind kind, bool stream, bool hasBegun)
    {
        var protocol = new FaultProtocol(kind);
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(hasBegun ? [string.Concat(protocol.Text)] : []));
        await using var other = await StubUpstream.StartAsync(protocol.Ok(stream));
        var model = GatewayHost.Model("t", upstream, kind);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model) with { Fallback = [GatewayHost.Model("f", other, kind)] });
        using var client = new CancellationTokenSource();

        var pending = gateway.PostAsync(stream ? ChatSamples.Streamed : ChatSamples.Plain, client.Token);
        await Waiting.ForAsync(upstream);
        if (hasBegun)
        {
            (await pending).Dispose();
        }
        else
        {
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        }

        await upstream.Requests.Single().Gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var ended = await EndedAsync(gateway);
        Assert.Equal((Outcome.Canceled, false, false), (ended.Outcome, ended.Rescued, ended.UserError));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Client_HangsUpDuringABackOff_NoFurtherCall()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.Json("{}", 429, ("Retry-After", "60")));
        var model = GatewayHost.Model("m", upstream);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, GatewayHost.Model("t", upstream), weightPpm: 1));
        using var client = new CancellationTokenSource();

        var pending = gateway.PostAsync(ChatSamples.Plain, client.Token);
        while (gateway.Clock.NextDelay is null)
        {
            await Task.Yield();
        }

        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        var ended = await EndedAsync(gateway);
        gateway.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal((Outcome.Throttled, false), (ended.Outcome, ended.UserError));
        Assert.Single(upstream.Requests);
    }

    private static async Task<Observation> EndedAsync(GatewayHost gateway)
    {
        List<Observation> ended;
        while ((ended = gateway.Ended()).Count == 0)
        {
            await Task.Yield();
        }

        return ended.Single();
    }
}
