using System.Text;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>
/// How soon a client's cancel is seen by the provider. The one place where a time is asserted, because the promise is one: within 100 ms. The median
/// of several cancels is held to it, and nothing else of the process runs meanwhile, so that neither a collection nor a busy neighbour is measured.
/// <see cref="ClientGoneTests"/> holds that the cancel arrives at all, by a clock that stands still.
/// </summary>
[Collection("whole process")]
[Trait("kind", "slow")]
public sealed class CancelSpeedTests
{
    private const int Cancels = 9;

    private static readonly TimeSpan s_promised = TimeSpan.FromMilliseconds(100);

    public static TheoryData<ProviderKind, ProviderKind, string> Stages()
    {
        var stages = new TheoryData<ProviderKind, ProviderKind, string>();
        foreach (var client in ChatSamples.Clients)
        {
            foreach (var provider in ChatSamples.Clients)
            {
                stages.Add(client, provider, "whole");
                stages.Add(client, provider, "before the first token");
                stages.Add(client, provider, "in the middle");
            }
        }

        return stages;
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Cancel_AtAnyStage_ReachesTheProviderWithin100Ms(ProviderKind client, ProviderKind provider, string stage)
    {
        var (faultClient, protocol) = (new FaultClient(client), new FaultProtocol(provider));
        string[] sent = stage switch
        {
            "whole" => [],
            "before the first token" => [protocol.Stream[0]],
            _ => [string.Concat(protocol.Text)],
        };
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence(sent));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, provider)));

        // The first compiles and connects.
        await TimeOfAsync(gateway, upstream, faultClient, stage);
        var times = new List<TimeSpan>();
        for (var i = 0; i < Cancels; i++)
        {
            times.Add(await TimeOfAsync(gateway, upstream, faultClient, stage));
        }

        times.Sort();
        Assert.True(times[Cancels / 2] < s_promised, $"The provider saw the cancel after {string.Join(", ", times.Select(time => time.TotalMilliseconds))} ms.");
    }

    /// <summary>From the client's cancel to the end of the provider's request.</summary>
    private static async Task<TimeSpan> TimeOfAsync(GatewayHost gateway, StubUpstream upstream, FaultClient client, string stage)
    {
        var before = upstream.Requests.Count;
        using var cancel = new CancellationTokenSource();
        using var content = new StringContent(client.Request(stage != "whole"), Encoding.UTF8, "application/json");
        var pending = gateway.SendAsync(client.Path, content, cancel.Token);
        await Waiting.ForAsync(upstream, before + 1);
        var received = upstream.Requests.Last();
        var gone = GoneAtAsync(received);
        if (stage == "in the middle")
        {
            pending = ReadOnAsync(await pending, cancel.Token);
        }

        var began = TimeProvider.System.GetTimestamp();
        await cancel.CancelAsync();
        var time = TimeProvider.System.GetElapsedTime(began, await gone.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        gateway.Ended();
        return time;
    }

    /// <summary>Reads until it is canceled. An answer that is disposed instead is read on for two seconds by .NET's own client, in the hope of its connection.</summary>
    private static async Task<HttpResponseMessage> ReadOnAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using (response)
        {
            await response.Content.CopyToAsync(Stream.Null, cancel);
        }

        return response;
    }

    private static async Task<long> GoneAtAsync(StubUpstream.Received received)
    {
        await received.Gone.Task.ConfigureAwait(false);
        return TimeProvider.System.GetTimestamp();
    }
}
