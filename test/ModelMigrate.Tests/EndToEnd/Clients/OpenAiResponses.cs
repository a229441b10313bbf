// The library marks all of these as subject to change.
#pragma warning disable OPENAI001

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI.Responses;

namespace ModelMigrate.Tests.EndToEnd.Clients;

/// <summary>What OpenAI's own library for .NET does with responses.</summary>
internal sealed class OpenAiResponses(Uri gateway, string route)
{
    private readonly ResponsesClient _client = new(
        new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new Uri(gateway, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });

    public async Task PlainAsync()
    {
        ResponseResult answer = await _client.CreateResponseAsync(Ask(ResponseItem.CreateUserMessageItem(LibraryRun.Prompt)));
        Assert.NotEmpty(answer.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.Equal(answer.Usage.TotalTokenCount, answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
    }

    public async Task StreamAsync()
    {
        var text = "";
        ResponseResult? whole = null;
        await foreach (var update in await _client.CreateResponseStreamingAsync(Streamed(ResponseItem.CreateUserMessageItem(LibraryRun.Prompt))))
        {
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            whole = (update as StreamingResponseCompletedUpdate)?.Response ?? whole;
        }

        Assert.NotEmpty(text);
        Assert.Equal(text, whole?.GetOutputText());
    }

    public async Task ToolsAsync()
    {
        var tool = ResponseTool.CreateFunctionTool("weather", BinaryData.FromString(LibraryRun.Parameters), strictModeEnabled: true, "The weather of a city");
        var options = Streamed(ResponseItem.CreateUserMessageItem(LibraryRun.Weather));
        options.Tools.Add(tool);
        FunctionCallResponseItem? call = null;
        await foreach (var update in await _client.CreateResponseStreamingAsync(options))
        {
            call = (update as StreamingResponseOutputItemDoneUpdate)?.Item as FunctionCallResponseItem ?? call;
        }

        Assert.Equal("weather", call?.FunctionName);
        Assert.NotEmpty(JsonNode.Parse(call!.FunctionArguments.ToString())!["city"]!.GetValue<string>());
        var then = Ask(ResponseItem.CreateUserMessageItem(LibraryRun.Weather), call, ResponseItem.CreateFunctionCallOutputItem(call.CallId, "rain"));
        then.Tools.Add(tool);
        ResponseResult answer = await _client.CreateResponseAsync(then);
        Assert.NotEmpty(answer.GetOutputText());
    }

    private CreateResponseOptions Ask(params ResponseItem[] items) => new(route, items) { MaxOutputTokenCount = 200 };

    private CreateResponseOptions Streamed(params ResponseItem[] items) => new(route, items) { MaxOutputTokenCount = 200, StreamingEnabled = true };
}
