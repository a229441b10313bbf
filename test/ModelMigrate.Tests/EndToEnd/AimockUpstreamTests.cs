using System.ClientModel;
using ModelMigrate.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>Unchanged SDKs through a canary between two upstreams that others wrote.</summary>
[Trait("kind", "slow")]
public sealed class AimockUpstreamTests : IAsyncLifetime
{
    private const int Chats = 16;

    private ChildProcess? _openAi;
    private ChildProcess? _anthropic;
    private CanaryServer? _server;

    public async Task InitializeAsync()
    {
        if (new NodeFactAttribute().Skip is not null)
        {
            return;
        }

        (_openAi, var openAi) = await Node.StartAimockAsync();
        (_anthropic, var anthropic) = await Node.StartAimockAsync();
        _server = await CanaryServer.StartAsync(new Uri(openAi, "/v1"), anthropic);
    }

    public async Task DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _server, _openAi, _anthropic })
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    [NodeFact]
    public async Task NodeSdk_PlainAndStreaming_AnswersArriveComplete()
    {
        var answers = await Node.ChatAsync(_server!.Url, Chats);
        Assert.Equal(Chats, answers.Count);
        Assert.Equal(["source", "target"], answers.Select(a => a.Arm).Distinct().Order(StringComparer.Ordinal));
        foreach (var answer in answers)
        {
            Assert.Equal(Node.FixtureAnswer, answer.Text);
            Assert.Equal("stop", answer.Finish);
            Assert.NotNull(answer.Usage);
            Assert.Equal(answer.Usage.Prompt + answer.Usage.Completion, answer.Usage.Total);
        }
    }

    [NodeFact]
    public async Task DotNetSdk_PlainAndStreaming_AnswersArriveComplete()
    {
        var client = new ChatClient("chat", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(_server!.Url, "/v1") });
        for (var i = 0; i < Chats; i++)
        {
            var options = new ChatCompletionOptions { EndUserId = $"dotnet-{i}" };
            ChatCompletion plain = await client.CompleteChatAsync([new UserChatMessage(Node.Prompt)], options);
            Assert.Equal(Node.FixtureAnswer, plain.Content[0].Text);
            Assert.Equal(ChatFinishReason.Stop, plain.FinishReason);

            var text = "";
            ChatTokenUsage? usage = null;
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage(Node.Prompt)], options))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
                usage = update.Usage ?? usage;
            }

            Assert.Equal(Node.FixtureAnswer, text);
            Assert.NotNull(usage);
        }
    }
}
