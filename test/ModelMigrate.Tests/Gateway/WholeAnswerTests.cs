using System.Net;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

/// <summary>A model that was asked for no stream says nothing until all is written: the limit on its first token is not for it.</summary>
public sealed class WholeAnswerTests
{
    private static readonly RouteLimits s_limits = new() { FirstToken = TimeSpan.FromSeconds(30), Whole = TimeSpan.FromSeconds(300), Retries = 0 };

    [Fact]
    public async Task UnstreamedAnswer_LongerThanTheFirstTokenLimit_ReachesTheClient()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await StubUpstream.StartAsync(async (context, received) =>
        {
            asked.SetResult();
            await written.Task;
            await StubUpstream.Json(ChatSamples.Answer)(context, received);
        });
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream), s_limits));

        var answer = gateway.PostAsync(ChatSamples.Plain);
        await asked.Task;
        gateway.Clock.Advance(TimeSpan.FromSeconds(200));
        written.SetResult();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task UnstreamedAnswer_LongerThanItsOwnLimit_IsATimeoutInWords()
    {
        await using var upstream = await StubUpstream.StartAsync(StubUpstream.EventsThenSilence());
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream), s_limits));

        var answer = gateway.PostAsync(ChatSamples.Plain);
        await Waiting.ForAsync(upstream);
        gateway.Clock.Advance(TimeSpan.FromSeconds(299));
        Assert.False(answer.IsCompleted);
        await Waiting.AdvanceUntilAsync(gateway.Clock, answer);

        using var response = await answer;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("sent no whole answer within 300 s", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
