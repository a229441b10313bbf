using System.ClientModel;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;
using OpenAI;
using OpenAI.Chat;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>Unchanged SDKs through a canary between a simulated OpenAI and a simulated Anthropic upstream.</summary>
[Trait("kind", "slow")]
public sealed class SimulatedUpstreamTests : IAsyncLifetime
{
    private const int Chats = 24;

    private static readonly FaultSchedule Fast = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(5) };

    private SimulatedProvider _openAi = null!;
    private SimulatedProvider _anthropic = null!;
    private CanaryServer _server = null!;

    public async Task InitializeAsync()
    {
        _openAi = await SimulatedProvider.StartAsync(new() { Protocol = SimulationProtocol.OpenAi, Faults = Fast }, TimeProvider.System);
        _anthropic = await SimulatedProvider.StartAsync(new() { Protocol = SimulationProtocol.Anthropic, Faults = Fast }, TimeProvider.System);
        _server = await CanaryServer.StartAsync(_openAi.BaseUrl, _anthropic.BaseUrl);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _openAi.DisposeAsync();
        await _anthropic.DisposeAsync();
    }

    [Fact]
    public async Task DotNetSdk_Plain_AnswersAndUsageArriveComplete()
    {
        for (var i = 0; i < Chats; i++)
        {
            ChatCompletion answer = await Client().CompleteChatAsync(
                [new SystemChatMessage("Be brief."), new UserChatMessage($"Question {i}")], new ChatCompletionOptions { EndUserId = $"dotnet-{i}", MaxOutputTokenCount = 200 });
            Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
            AssertComplete(answer.Content[0].Text, answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
        }

        AssertBothArms();
    }

    [Fact]
    public async Task DotNetSdk_Streaming_AnswersAndUsageArriveComplete()
    {
        for (var i = 0; i < Chats; i++)
        {
            var text = "";
            ChatFinishReason? finish = null;
            ChatTokenUsage? usage = null;
            await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage($"Question {i}")], new ChatCompletionOptions { EndUserId = $"dotnet-{i}" }))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
                finish = update.FinishReason ?? finish;
                usage = update.Usage ?? usage;
            }

            Assert.Equal(ChatFinishReason.Stop, finish);
            Assert.NotNull(usage);
            AssertComplete(text, usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount);
        }

        AssertBothArms();
    }

    [NodeFact]
    public async Task NodeSdk_PlainAndStreaming_AnswersAndUsageArriveComplete()
    {
        var answers = await Node.ChatAsync(_server.Url, Chats);
        Assert.Equal(Chats, answers.Count);
        foreach (var answer in answers)
        {
            Assert.Equal("stop", answer.Finish);
            Assert.NotNull(answer.Usage);
            AssertComplete(answer.Text, answer.Usage.Prompt, answer.Usage.Completion, answer.Usage.Total);
        }

        Assert.Equal(["source", "target"], answers.Select(a => a.Arm).Distinct().Order(StringComparer.Ordinal));
        AssertBothArms();
    }

    private ChatClient Client() => new("chat", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(_server.Url, "/v1") });

    // A simulated token is one word: a lost chunk would show as a difference between the text and the usage.
    private static void AssertComplete(string text, int input, int output, int total)
    {
        Assert.Equal(output, text.Split(' ').Length);
        Assert.True(input > 0);
        Assert.Equal(input + output, total);
    }

    private void AssertBothArms()
    {
        Assert.True(_openAi.Stats.Answered > 0, "nothing reached the source");
        Assert.True(_anthropic.Stats.Answered > 0, "nothing reached the target");
        Assert.Equal(Chats, _openAi.Stats.Answered + _anthropic.Stats.Answered);
    }
}
