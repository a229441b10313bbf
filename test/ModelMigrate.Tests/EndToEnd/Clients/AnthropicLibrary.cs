using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace ModelMigrate.Tests.EndToEnd.Clients;

/// <summary>The features of Anthropic's own library for .NET.</summary>
internal sealed class AnthropicLibrary(Uri gateway, string route) : IDisposable
{
    private static readonly Tool s_tool = new()
    {
        Name = "weather", Description = "The weather of a city", InputSchema = InputSchema.FromRawUnchecked(Members(LibraryRun.Parameters)),
    };

    private readonly AnthropicClient _client = new() { BaseUrl = gateway.ToString().TrimEnd('/'), ApiKey = "none", MaxRetries = 0 };

    public IReadOnlyDictionary<string, Func<Task>?> Features() => new Dictionary<string, Func<Task>?>(StringComparer.Ordinal)
    {
        ["plain"] = PlainAsync,
        ["stream"] = StreamAsync,
        ["tools"] = ToolsAsync,
        ["toolsStream"] = ToolsStreamAsync,
        ["image"] = ImageAsync,
        ["schema"] = SchemaAsync,
        ["embeddings"] = null,
        ["transcription"] = null,
        ["responses"] = null,
        ["responsesStream"] = null,
        ["responsesTools"] = null,
        ["cancel"] = CancelAsync,
        ["error"] = ErrorAsync,
    };

    public void Dispose() => _client.Dispose();

    private async Task PlainAsync()
    {
        var answer = await _client.Messages.Create(Ask(LibraryRun.Prompt));
        Assert.NotEmpty(TextOf(answer));
        Assert.Equal(StopReason.EndTurn, answer.StopReason?.Value());
        Assert.True(answer.Usage.OutputTokens > 0 || route.StartsWith("mock-", StringComparison.Ordinal));
    }

    private async Task StreamAsync()
    {
        var text = "";
        StopReason? stop = null;
        await foreach (var said in _client.Messages.CreateStreaming(Ask(LibraryRun.Prompt)))
        {
            text += said.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var piece) ? piece.Text : "";
            stop = said.TryPickDelta(out var end) ? end.Delta.StopReason?.Value() : stop;
        }

        Assert.NotEmpty(text);
        Assert.Equal(StopReason.EndTurn, stop);
    }

    private async Task ToolsAsync()
    {
        var first = await _client.Messages.Create(Ask(LibraryRun.Weather) with { Tools = [s_tool] });
        Assert.Equal(StopReason.ToolUse, first.StopReason?.Value());
        var call = first.Content.Select(block => block.TryPickToolUse(out var use) ? use : null).Single(use => use is not null)!;
        Assert.Equal("weather", call.Name);
        Assert.NotEmpty(call.Input["city"].GetString()!);
        var second = await _client.Messages.Create(Ask(
            new UserMessageParam(LibraryRun.Weather),
            new AssistantMessageParam(new List<ContentBlockParam> { new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input } }),
            new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(call.ID) { Content = "rain" } })) with { Tools = [s_tool] });
        Assert.NotEmpty(TextOf(second));
    }

    private async Task ToolsStreamAsync()
    {
        var (name, arguments) = ("", "");
        StopReason? stop = null;
        await foreach (var said in _client.Messages.CreateStreaming(Ask(LibraryRun.Weather) with { Tools = [s_tool] }))
        {
            name += said.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var use) ? use.Name : "";
            arguments += said.TryPickContentBlockDelta(out var block) && block.Delta.TryPickInputJson(out var piece) ? piece.PartialJson : "";
            stop = said.TryPickDelta(out var end) ? end.Delta.StopReason?.Value() : stop;
        }

        Assert.Equal(("weather", StopReason.ToolUse), (name, stop));
        Assert.NotEmpty(JsonNode.Parse(arguments)!["city"]!.GetValue<string>());
    }

    private async Task ImageAsync()
    {
        var image = new ImageBlockParam(new Base64ImageSource { Data = LibraryRun.Image, MediaType = MediaType.ImagePng });
        var answer = await _client.Messages.Create(Ask(new UserMessageParam(new List<ContentBlockParam> { image, new TextBlockParam(LibraryRun.Prompt) })));
        Assert.NotEmpty(TextOf(answer));
    }

    private async Task SchemaAsync()
    {
        var format = new JsonOutputFormat { Schema = Members(LibraryRun.Person) };
        var answer = await _client.Messages.Create(Ask(LibraryRun.Someone) with { OutputConfig = new OutputConfig { Format = format } });
        Assert.True(JsonNode.Parse(TextOf(answer))!["age"]!.GetValue<int>() > 0);
    }

    private async Task CancelAsync()
    {
        using var stop = new CancellationTokenSource();
        await LibraryRun.CancelAsync(_client.Messages.CreateStreaming(Ask(LibraryRun.Prompt) with { Model = route + "-slow" }, stop.Token), said => said.TryPickContentBlockDelta(out _), stop);
    }

    private async Task ErrorAsync()
    {
        var error = await Assert.ThrowsAnyAsync<AnthropicApiException>(
            () => _client.Messages.Create(Ask(LibraryRun.Failing) with { Model = route + "-failing" }));
        Assert.InRange((int)error.StatusCode, 400, 599);
        Assert.Contains("fail", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private MessageCreateParams Ask(string prompt) => Ask(new UserMessageParam(prompt));

    private MessageCreateParams Ask(params MessageParam[] messages) => new() { Model = route, MaxTokens = 200, Messages = messages };

    private static string TextOf(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));

    private static Dictionary<string, JsonElement> Members(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
