using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>A client of one protocol: what it sends, and what it reads out of what it gets.</summary>
internal sealed record FaultClient(ProviderKind Kind, bool InResponses = false)
{
    public string Path => InResponses ? "/v1/responses" : Kind == ProviderKind.OpenAi ? "/v1/chat/completions" : "/v1/messages";

    public static FaultClient Of(string protocol) => FaultProtocol.Of(protocol) is var known ? new FaultClient(known.Kind, known.InResponses) : null!;

    public string Request(bool stream, bool isKept = true)
    {
        var request = stream ? ChatSamples.Streamed : ChatSamples.Plain;
        return InResponses ? request.Replace("\"messages\"", isKept ? "\"input\"" : "\"store\":false,\"input\"", StringComparison.Ordinal)
            : Kind == ProviderKind.OpenAi ? request : request.Replace("{\"model\"", "{\"max_tokens\":100,\"model\"", StringComparison.Ordinal);
    }

    /// <summary>What stands in this protocol for a piece of the other's stream that a row waits for.</summary>
    public string Piece(string piece) => (piece, InResponses, Kind) switch
    {
        ("\"finish_reason\":\"stop\"", true, _) => "response.output_item.done",
        ("tool_calls", true, _) => "function_call",
        ("\"finish_reason\":\"stop\"", _, ProviderKind.Anthropic) => "content_block_stop",
        ("tool_calls", _, ProviderKind.Anthropic) => "tool_use",
        _ => piece,
    };

    /// <summary>The error's name for machines; the messages protocol has none for errors that pass through.</summary>
    public static string? CodeOf(string body)
    {
        using var error = JsonDocument.Parse(body);
        return error.RootElement.GetProperty("error"u8).TryGetProperty("code"u8, out var code) ? code.GetString() : null;
    }

    /// <summary>Text, finish reason in the words of chat completions, and the error event's code. No finish reason: the answer is not whole.</summary>
    public (string Text, string? Finish, string? Error) Read(string body, bool stream) => (Kind, stream) switch
    {
        _ when InResponses => stream ? ReadResponseEvents(body) : ReadResponse(body),
        (ProviderKind.OpenAi, true) => ReadChunks(body),
        (ProviderKind.OpenAi, false) => ReadCompletion(body),
        (ProviderKind.Anthropic, true) => ReadEvents(body),
        _ => ReadMessage(body),
    };

    private static (string Text, string? Finish, string? Error) ReadCompletion(string body)
    {
        using var json = JsonDocument.Parse(body);
        var choice = json.RootElement.GetProperty("choices"u8)[0];
        return (choice.GetProperty("message"u8).GetProperty("content"u8).GetString()!, choice.GetProperty("finish_reason"u8).GetString(), null);
    }

    private static (string Text, string? Finish, string? Error) ReadMessage(string body)
    {
        using var json = JsonDocument.Parse(body);
        return (
            string.Concat(json.RootElement.GetProperty("content"u8).EnumerateArray().Select(block => block.GetProperty("text"u8).GetString())),
            FinishOf(json.RootElement.GetProperty("stop_reason"u8).GetString()), null);
    }

    private static (string Text, string? Finish, string? Error) ReadChunks(string body)
    {
        var text = new StringBuilder();
        string? finish = null;
        var isEnded = false;
        foreach (var data in Data(body))
        {
            Assert.False(isEnded, "an event after the end mark");
            if (data == "[DONE]")
            {
                isEnded = true;
                continue;
            }

            using var json = JsonDocument.Parse(data);
            if (json.RootElement.TryGetProperty("error"u8, out var error))
            {
                return (text.ToString(), finish, error.GetProperty("code"u8).GetString());
            }

            foreach (var choice in json.RootElement.GetProperty("choices"u8).EnumerateArray())
            {
                var delta = choice.GetProperty("delta"u8);
                text.Append(delta.TryGetProperty("content"u8, out var content) ? content.GetString() : "");
                finish = choice.TryGetProperty("finish_reason"u8, out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : finish;
            }
        }

        return (text.ToString(), isEnded ? finish : null, null);
    }

    private static (string Text, string? Finish, string? Error) ReadEvents(string body)
    {
        var text = new StringBuilder();
        string? finish = null;
        var (isEnded, open) = (false, 0);
        foreach (var data in Data(body))
        {
            Assert.False(isEnded, "an event after the end mark");
            using var json = JsonDocument.Parse(data);
            switch (json.RootElement.GetProperty("type"u8).GetString())
            {
                case "content_block_start":
                    Assert.Equal(0, open++);
                    break;
                case "content_block_delta":
                    Assert.Equal(1, open);
                    text.Append(json.RootElement.GetProperty("delta"u8).TryGetProperty("text"u8, out var piece) ? piece.GetString() : "");
                    break;
                case "content_block_stop":
                    open--;
                    break;
                case "message_delta":
                    finish = FinishOf(json.RootElement.GetProperty("delta"u8).GetProperty("stop_reason"u8).GetString());
                    break;
                case "message_stop":
                    Assert.Equal(0, open);
                    isEnded = true;
                    break;
                case "error":
                    return (text.ToString(), finish, json.RootElement.GetProperty("error"u8).GetProperty("code"u8).GetString());
            }
        }

        return (text.ToString(), isEnded ? finish : null, null);
    }

    private static (string Text, string? Finish, string? Error) ReadResponse(string body)
    {
        using var json = JsonDocument.Parse(body);
        return ReadResponse(json.RootElement);
    }

    private static (string Text, string? Finish, string? Error) ReadResponse(JsonElement response)
    {
        var text = string.Concat(response.GetProperty("output"u8).EnumerateArray().SelectMany(item => item.GetProperty("content"u8).EnumerateArray()).Select(part => part.GetProperty("text"u8).GetString()));
        return (text, response.GetProperty("status"u8).GetString() == "completed" ? "stop" : response.GetProperty("incomplete_details"u8).GetProperty("reason"u8).GetString(), null);
    }

    private static (string Text, string? Finish, string? Error) ReadResponseEvents(string body)
    {
        var text = new StringBuilder();
        string? finish = null, id = null, item = null;
        foreach (var data in Data(body))
        {
            Assert.Null(finish);
            using var json = JsonDocument.Parse(data);

            // One answer of one message, whoever goes on with it.
            id = Same(id, json.RootElement, "response", "id");
            switch (json.RootElement.GetProperty("type"u8).GetString())
            {
                case "response.output_text.done" or "response.content_part.done":
                    item = Same(item, json.RootElement, "item_id");
                    break;
                case "response.output_text.delta":
                    item = Same(item, json.RootElement, "item_id");
                    text.Append(json.RootElement.GetProperty("delta"u8).GetString());
                    break;
                case "response.completed" or "response.incomplete":
                    (var whole, finish, _) = ReadResponse(json.RootElement.GetProperty("response"u8));
                    Assert.True(finish != "stop" || whole == text.ToString(), "the response at the end is another than its deltas");
                    break;
                case "error":
                    return (text.ToString(), finish, json.RootElement.GetProperty("code"u8).GetString());
            }
        }

        return (text.ToString(), finish, null);
    }

    /// <summary>The text at the end of a path, or what is known where an event does not say it.</summary>
    private static string? Same(string? known, JsonElement e, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (!e.TryGetProperty(name, out e))
            {
                return known;
            }
        }

        Assert.Equal(known ?? e.GetString(), e.GetString());
        return e.GetString();
    }

    private static IEnumerable<string> Data(string body) =>
        body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]);

    private static string? FinishOf(string? stopReason) => stopReason switch
    {
        "end_turn" => "stop",
        "refusal" => "content_filter",
        _ => stopReason,
    };
}
