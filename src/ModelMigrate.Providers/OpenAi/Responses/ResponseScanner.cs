using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.OpenAi.Scanning;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Looks at answers of the responses protocol. Events of types that it does not know are content: something of the answer itself.</summary>
internal sealed class ResponseScanner : DocumentScanner
{
    /// <summary>Events that only say that there will be an answer.</summary>
    private static readonly string[] s_beginnings =
    [
        "response.created", "response.queued", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.reasoning_summary_part.added",
    ];

    public override bool HasEnded => Finished;

    protected override AnswerSigns ScanAnswer(JsonElement root)
    {
        ReadResponse(root);
        return TextOf(root, "object") is null or "response" && Member(root, "output").ValueKind == JsonValueKind.Array
            ? AnswerSigns.Content | AnswerSigns.Finish
            : AnswerSigns.Malformed;
    }

    protected override AnswerSigns ScanEvent(JsonElement root)
    {
        var type = TextOf(root, "type");
        switch (type)
        {
            case "response.completed" or "response.incomplete":
                Finished = true;
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
}
