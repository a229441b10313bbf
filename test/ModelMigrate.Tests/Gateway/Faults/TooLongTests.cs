using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>A request that does not fit into the target's context, in a migration.</summary>
public sealed class TooLongTests
{
    [Theory]
    [InlineData(ProviderKind.OpenAi)]
    [InlineData(ProviderKind.Anthropic)]
    public async Task Target_TooSmallForWhatTheSourceTakes_SourceAnswersAndTargetIsCharged(ProviderKind kind)
    {
        var protocol = new FaultProtocol(kind);
        await using var source = await StubUpstream.StartAsync(protocol.Ok(stream: false));
        await using var target = await StubUpstream.StartAsync(protocol.TooLong);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", source, kind) with { ContextLength = 200_000 }, GatewayHost.Model("t", target, kind) with { ContextLength = 8_192 }));

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Contains("Hi there", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (target.Requests.Count, source.Requests.Count));
        var ended = Assert.Single(gateway.Ended());
        Assert.Equal((Outcome.Error, true), (ended.Outcome, ended.Rescued));
    }

    [Fact]
    public async Task Both_TooSmall_LargerContextAnswersAndNobodyIsCharged()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var small = await StubUpstream.StartAsync(protocol.TooLong);
        await using var large = await StubUpstream.StartAsync(protocol.Ok(stream: false));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(
            GatewayHost.Model("s", small) with { ContextLength = 16_384 }, GatewayHost.Model("t", small) with { ContextLength = 8_192 }) with
        {
            LargerContext = GatewayHost.Model("l", large) with { ContextLength = 1_000_000 },
        });

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal("l", response.Headers.GetValues("x-model-migrate-model").Single());
        Assert.Equal((2, 1), (small.Requests.Count, large.Requests.Count));
        Assert.Equal(Outcome.ClientError, Assert.Single(gateway.Ended()).Outcome);
    }

    [Fact]
    public async Task UnprovenTarget_AsLargerContext_NeverAsked()
    {
        var protocol = new FaultProtocol(ProviderKind.OpenAi);
        await using var small = await StubUpstream.StartAsync(protocol.TooLong);
        await using var target = await StubUpstream.StartAsync(protocol.Ok(stream: false));
        var unproven = GatewayHost.Model("t", target);
        await using var gateway = await GatewayHost.StartAsync(
            GatewayHost.Migrating(GatewayHost.Model("s", small), unproven, weightPpm: 0) with { LargerContext = unproven });

        using var response = await gateway.PostAsync(ChatSamples.Plain);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(target.Requests);
    }
}
