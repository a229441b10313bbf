using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace ModelMigrate.Tests.EndToEnd.Clients;

/// <summary>The features of OpenAI's own library for .NET.</summary>
internal sealed class OpenAiLibrary(Uri gateway, string route)
{
    private static readonly ChatTool s_tool = ChatTool.CreateFunctionTool("weather", "The weather of a city", BinaryData.FromString(LibraryRun.Parameters));

    private readonly ChatClient _chat = new(route, new ApiKeyCredential("none"), Options(gateway));

    private readonly OpenAiResponses _responses = new(gateway, route);

    public IReadOnlyDictionary<string, Func<Task>?> Features() => new Dictionary<string, Func<Task>?>(StringComparer.Ordinal)
    {
        ["plain"] = PlainAsync,
        ["stream"] = StreamAsync,
        ["tools"] = ToolsAsync,
        ["toolsStream"] = ToolsStreamAsync,
        ["image"] = ImageAsync,
        ["schema"] = SchemaAsync,
        ["embeddings"] = EmbeddingsAsync,
        ["transcription"] = TranscriptionAsync,
        ["responses"] = _responses.PlainAsync,
        ["responsesStream"] = _responses.StreamAsync,
        ["responsesTools"] = _responses.ToolsAsync,
        ["cancel"] = CancelAsync,
        ["error"] = ErrorAsync,
    };

    private async Task PlainAsync()
    {
        ChatCompletion answer = await _chat.CompleteChatAsync([new UserChatMessage(LibraryRun.Prompt)], Limited());
        Assert.NotEmpty(answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(answer.Usage.TotalTokenCount, answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
        Assert.True(answer.Usage.OutputTokenCount > 0 || route.StartsWith("mock-", StringComparison.Ordinal));
    }

    private async Task StreamAsync()
    {
        var text = "";
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in _chat.CompleteChatStreamingAsync([new UserChatMessage(LibraryRun.Prompt)], Limited()))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.NotEmpty(text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.NotNull(usage);
        Assert.True(usage.OutputTokenCount > 0 || route.StartsWith("mock-", StringComparison.Ordinal));
    }

    private async Task ToolsAsync()
    {
        var options = Limited();
        options.Tools.Add(s_tool);
        ChatCompletion first = await _chat.CompleteChatAsync([new UserChatMessage(LibraryRun.Weather)], options);
        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        var call = Assert.Single(first.ToolCalls);
        AssertCall(call.FunctionName, call.FunctionArguments.ToString());
        ChatCompletion second = await _chat.CompleteChatAsync(
            [new UserChatMessage(LibraryRun.Weather), new AssistantChatMessage(first), new ToolChatMessage(call.Id, "rain")], options);
        Assert.NotEmpty(second.Content[0].Text);
    }

    private async Task ToolsStreamAsync()
    {
        var options = Limited();
        options.Tools.Add(s_tool);
        var (name, arguments) = ("", "");
        ChatFinishReason? finish = null;
        await foreach (var update in _chat.CompleteChatStreamingAsync([new UserChatMessage(LibraryRun.Weather)], options))
        {
            name += string.Concat(update.ToolCallUpdates.Select(piece => piece.FunctionName));
            arguments += string.Concat(update.ToolCallUpdates.Select(piece => piece.FunctionArgumentsUpdate?.ToString()));
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(ChatFinishReason.ToolCalls, finish);
        AssertCall(name, arguments);
    }

    private async Task ImageAsync()
    {
        var image = ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Convert.FromBase64String(LibraryRun.Image)), "image/png");
        ChatCompletion answer = await _chat.CompleteChatAsync([new UserChatMessage(ChatMessageContentPart.CreateTextPart(LibraryRun.Prompt), image)], Limited());
        Assert.NotEmpty(answer.Content[0].Text);
    }

    private async Task SchemaAsync()
    {
        var options = Limited();
        options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", BinaryData.FromString(LibraryRun.Person), jsonSchemaIsStrict: true);
        ChatCompletion answer = await _chat.CompleteChatAsync([new UserChatMessage(LibraryRun.Someone)], options);
        Assert.True(JsonNode.Parse(answer.Content[0].Text)!["age"]!.GetValue<int>() > 0);
    }

    private async Task EmbeddingsAsync()
    {
        var client = new EmbeddingClient(route, new ApiKeyCredential("none"), Options(gateway));
        OpenAIEmbeddingCollection vectors = await client.GenerateEmbeddingsAsync([LibraryRun.Prompt, LibraryRun.Weather]);
        Assert.Equal(2, vectors.Count);
        Assert.All(vectors, vector => Assert.Contains(vector.ToFloats().ToArray(), number => number != 0));
    }

    private async Task TranscriptionAsync()
    {
        var client = new AudioClient(route, new ApiKeyCredential("none"), Options(gateway));
        using var speech = new MemoryStream([.. "RIFF"u8, 0, 1, 2, 255]);
        AudioTranscription answer = await client.TranscribeAudioAsync(speech, "speech.wav");
        Assert.NotEmpty(answer.Text);
    }

    private async Task CancelAsync()
    {
        var client = new ChatClient(route + "-slow", new ApiKeyCredential("none"), Options(gateway));
        using var stop = new CancellationTokenSource();
        await LibraryRun.CancelAsync(client.CompleteChatStreamingAsync([new UserChatMessage(LibraryRun.Prompt)], Limited(), stop.Token), update => update.ContentUpdate.Count > 0, stop);
    }

    private async Task ErrorAsync()
    {
        var client = new ChatClient(route + "-failing", new ApiKeyCredential("none"), Options(gateway));
        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync([new UserChatMessage(LibraryRun.Failing)], Limited()));
        Assert.InRange(error.Status, 400, 599);
        Assert.Contains("fail", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertCall(string name, string arguments)
    {
        Assert.Equal("weather", name);
        Assert.NotEmpty(JsonNode.Parse(arguments)!["city"]!.GetValue<string>());
    }

    private static ChatCompletionOptions Limited() => new() { MaxOutputTokenCount = 200 };

    private static OpenAIClientOptions Options(Uri gateway) => new() { Endpoint = new Uri(gateway, "/v1"), RetryPolicy = new ClientRetryPolicy(0) };
}
