using System.ClientModel;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Observing;
using ModelMigrate.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace ModelMigrate.Tests.Gateway;

/// <summary>The official OpenAI library as a client, unchanged but for its endpoint.</summary>
public sealed class OfficialSdkTests
{
    public static TheoryData<ProviderKind> Kinds() => [ProviderKind.OpenAi, ProviderKind.Anthropic];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Complete_ThroughTheGateway_AnswerAndUsage(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(
            StubUpstream.Json(kind == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));

        var answer = (await Sdk(gateway).CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("Hello")])).Value;

        Assert.Equal("Hi there", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal((7, 3, 2), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.InputTokenDetails.CachedTokenCount));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Stream_ThroughTheGateway_TextFinishAndUsage(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(
            StubUpstream.Events(kind == ProviderKind.OpenAi ? ChatSamples.Chunks : ChatSamples.AnthropicEvents));
        var model = GatewayHost.Model("m", upstream, kind);
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Migrating(model, model));

        var text = "";
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in Sdk(gateway).CompleteChatStreamingAsync([new UserChatMessage("Hello")]))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal(("Hi there", ChatFinishReason.Stop), (text, finish));
        Assert.Equal((7, 3), (usage?.InputTokenCount, usage?.OutputTokenCount));
        Assert.Equal(Outcome.Ok, gateway.Ended().Single().Outcome);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Error_FromTheProvider_ReachesTheCallerWithItsReason(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(
            StubUpstream.Json("""{"type":"error","error":{"type":"invalid_request_error","message":"too hot"}}""", 400));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Sdk(gateway).CompleteChatAsync([new UserChatMessage("Hello")]));

        Assert.Equal(400, error.Status);
        Assert.Contains("too hot", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Stream_BreaksAfterItsBeginning_CallerGetsAnException(ProviderKind kind)
    {
        await using var upstream = await StubUpstream.StartAsync(
            StubUpstream.EventsThenSilence(kind == ProviderKind.OpenAi ? ChatSamples.Chunks[..3] : ChatSamples.AnthropicEvents[..5]));
        await using var gateway = await GatewayHost.StartAsync(GatewayHost.Route(GatewayHost.Model("m", upstream, kind)));
        var text = "";

        var broken = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in Sdk(gateway).CompleteChatStreamingAsync([new UserChatMessage("Hello")]))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
                if (text == "Hi there")
                {
                    upstream.Requests.Single().Cut.TrySetResult();
                }
            }
        });

        Assert.Equal("Hi there", text);
        Assert.True(broken is IOException or ClientResultException, broken?.ToString() ?? "the stream ended as if it were whole");
    }

    private static ChatClient Sdk(GatewayHost gateway) => new(
        "chat", new ApiKeyCredential("client"), new OpenAIClientOptions
        {
            Endpoint = new Uri(gateway.Url, "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0),
        });
}
