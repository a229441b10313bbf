using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Looks at answers of the responses protocol. Events of types that it does not know are content: something of the answer itself.</summary>
internal sealed class ResponseScanner : AnswerScanner
{
    /// <summary>Events that only say that there will be an answer.</summary>
    private static readonly string[] s_beginnings =
    [
        "response.created", "response.queued", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.reasoning_summary_part.added",
    ];

    private bool _finished;
    private string? _errorField;

    public override bool HasFinished(int choices) => _finished;

    public override ChatError Refusal(ProviderSnapshot provider, int status, TimeSpan? retryAfter) =>
        OpenAiProtocol.Error(provider, status, retryAfter, ErrorCode, ErrorMessage, _errorField);

    public override ChatError Reported(ProviderSnapshot provider) => OpenAiProtocol.Reported(provider, ErrorMessage, ErrorCode);

    public override AnswerSigns Scan(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return AnswerSigns.None;
        }

        // Some servers end the stream as they end that of a chat.
        if (data.SequenceEqual("[DONE]"u8))
        {
            return AnswerSigns.Done;
        }

        if (Parse(data) is not { } read)
        {
            return AnswerSigns.Malformed;
        }

        using (read)
        {
            return Scan(read.RootElement);
        }
    }

    public override AnswerSigns ScanBody(ReadOnlySpan<byte> body)
    {
        if (Parse(body) is not { } read)
        {
            return AnswerSigns.Malformed;
        }

        using (read)
        {
            var root = read.RootElement;
            if (ReadError(root))
            {
                return AnswerSigns.Error;
            }

            ReadResponse(root);
            return TextOf(root, "object") is null or "response" && root.TryGetProperty("output"u8, out var output) && output.ValueKind == JsonValueKind.Array
                ? AnswerSigns.Content | AnswerSigns.Finish
                : AnswerSigns.Malformed;
        }
    }

    private AnswerSigns Scan(JsonElement root)
    {
        var type = TextOf(root, "type");
        switch (type)
        {
            case "response.completed" or "response.incomplete":
                _finished = true;
                ReadResponse(Member(root, "response"));
                return AnswerSigns.Finish;
            case "response.failed":
                ReadError(Member(root, "response"));
                return AnswerSigns.Error;
            case "error":
                // The error's members stand in the event itself, or under a name of their own.
                (ErrorMessage, ErrorCode) = (TextOf(root, "message"), TextOf(root, "code"));
                ReadError(root);
                return AnswerSigns.Error;
            case "response.refusal.delta":
                Refused = true;
                return AnswerSigns.Content;
            case "response.created":
                ReadResponse(Member(root, "response"));
                return AnswerSigns.None;
            case null:
                return ReadError(root) ? AnswerSigns.Error : AnswerSigns.Malformed;
            default:
                return !type.StartsWith("response.", StringComparison.Ordinal) || Array.IndexOf(s_beginnings, type) >= 0 ? AnswerSigns.None : AnswerSigns.Content;
        }
    }

    private void ReadResponse(JsonElement response)
    {
        ModelVersion = TextOf(response, "model") ?? ModelVersion;
        Held = TextOf(response, "id") ?? Held;
        var incomplete = TextOf(Member(response, "incomplete_details"), "reason");
        Refused |= incomplete == "content_filter" || HasRefusal(Member(response, "output"));
        Finish = (incomplete, TextOf(response, "status")) switch
        {
            ("content_filter", _) => FinishReason.ContentFilter,
            ("max_output_tokens", _) => FinishReason.Length,
            (null, "completed") => HasCalls(Member(response, "output")) ? FinishReason.ToolCalls : FinishReason.Stop,
            _ => null,
        };
        var usage = Member(response, "usage");
        if (usage.ValueKind == JsonValueKind.Object)
        {
            Usage = ResponseAnswerReader.UsageOf(usage);
        }
    }

    private static bool HasRefusal(JsonElement output) => output.ValueKind == JsonValueKind.Array && output.EnumerateArray().Any(
        item => Member(item, "content") is { ValueKind: JsonValueKind.Array } content && content.EnumerateArray().Any(part => TextOf(part, "type") == "refusal"));

    private static bool HasCalls(JsonElement output) =>
        output.ValueKind == JsonValueKind.Array && output.EnumerateArray().Any(item => TextOf(item, "type") is "function_call" or "custom_tool_call");

    private bool ReadError(JsonElement parent)
    {
        var error = Member(parent, "error");
        if (error.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return false;
        }

        ErrorMessage = error.ValueKind == JsonValueKind.String ? error.GetString() : TextOf(error, "message") ?? ErrorMessage;
        ErrorCode = TextOf(error, "code") ?? TextOf(error, "type") ?? ErrorCode;
        _errorField = TextOf(error, "param");
        return true;
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var read = JsonDocument.ParseValue(ref reader);
            if (read.RootElement.ValueKind == JsonValueKind.Object && !reader.Read())
            {
                return read;
            }

            read.Dispose();
        }
        catch (JsonException)
        {
            // Not the protocol; the caller says so.
        }

        return null;
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? TextOf(JsonElement parent, string name)
    {
        try
        {
            return Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
        }
    }
}
