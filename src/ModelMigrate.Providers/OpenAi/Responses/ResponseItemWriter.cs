using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Writes instructions and input: what was said, thought, called and answered by tools are items of one list, in order.</summary>
internal sealed class ResponseItemWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    public void Write(ChatRequest request)
    {
        // Asked for any JSON object, the provider demands that the input speaks of JSON, and does not look into the instructions.
        var isItem = request.System.Count > 1 || request.Format is { Schema: null };
        if (!isItem && request.System is [var only])
        {
            ReportCache(only);
            only.WriteTo(json, "instructions"u8);
        }

        json.WriteStartArray("input"u8);
        if (isItem && request.System.Count > 0)
        {
            WriteMessage(ChatRole.System, request.System);
        }

        foreach (var turn in request.Turns)
        {
            WriteTurn(turn);
        }

        json.WriteEndArray();
    }

    private void WriteTurn(ChatTurn turn)
    {
        if (turn.Name is not null)
        {
            changes.Dropped("messages.name");
        }

        var said = new List<ChatPart>();
        foreach (var part in turn.Parts)
        {
            ReportCache(part);
            switch (part)
            {
                case ThinkingPart thinking:
                    Say(turn.Role, said);
                    WriteThinking(thinking);
                    break;
                case ToolCallPart call:
                    Say(turn.Role, said);
                    WriteCall(call);
                    break;
                case ToolResultPart result:
                    Say(turn.Role, said);
                    WriteResult(result);
                    break;
                default:
                    said.Add(part);
                    break;
            }
        }

        Say(turn.Role, said);
    }

    private void Say(ChatRole role, List<ChatPart> said)
    {
        said.RemoveAll(IsUnsaid);
        if (said.Count > 0)
        {
            WriteMessage(role, said);
            said.Clear();
        }
    }

    private void WriteMessage(ChatRole role, IReadOnlyList<ChatPart> parts)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, role switch { ChatRole.System => "system"u8, ChatRole.User => "user"u8, ChatRole.Assistant => "assistant"u8 });
        json.WritePropertyName("content"u8);
        WriteContent(parts, role == ChatRole.Assistant ? "output_text"u8 : "input_text"u8);
        json.WriteEndObject();
    }

    /// <summary>Only the family that thought it can use it, where it was encrypted; others are spared the tokens, and the poison.</summary>
    private void WriteThinking(ThinkingPart thinking)
    {
        if (thinking.State is not { Data.Length: > 0, Family: { } family }
            || !(string.Equals(family, model.Family, StringComparison.Ordinal) || string.Equals(family, OpaqueState.At(model.Family, model.Provider.Id.Value), StringComparison.Ordinal)))
        {
            changes.Dropped("messages.thinking");
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (thinking.Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteString("text"u8, thinking.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("encrypted_content"u8, thinking.State.Data);
        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("call_id"u8, call.Id);
        json.WriteString("name"u8, ToolNames.OpenAi.Of(call.Name));
        json.WriteString("arguments"u8, call.Arguments);
        json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        if (result.IsError)
        {
            changes.Dropped("messages.tool_result.is_error");
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function_call_output"u8);
        json.WriteString("call_id"u8, result.CallId);
        json.WritePropertyName("output"u8);
        WriteContent([.. result.Parts.Where(part => !IsUnsaid(part))], "input_text"u8);
        json.WriteEndObject();
    }

    /// <summary>A text alone as a string, anything else as an array of parts.</summary>
    private void WriteContent(IReadOnlyList<ChatPart> parts, ReadOnlySpan<byte> textType)
    {
        if (parts.Count == 0)
        {
            json.WriteStringValue("");
            return;
        }

        if (parts is [TextPart only])
        {
            only.WriteTo(json);
            return;
        }

        json.WriteStartArray();
        foreach (var part in parts)
        {
            WritePart(part, textType);
        }

        json.WriteEndArray();
    }

    private void WritePart(ChatPart part, ReadOnlySpan<byte> textType)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type"u8, textType);
                text.WriteTo(json, "text"u8);
                json.WriteEndObject();
                break;
            case RefusalPart refusal:
                json.WriteStartObject();
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                json.WriteEndObject();
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_image"u8);
                OpenAiPartWriter.WriteUrl(json, "image_url"u8, image);
                json.WriteString("detail"u8, image.Detail ?? "auto");
                json.WriteEndObject();
                break;
            case DocumentPart { Text: not null } document:
                changes.Renamed("messages.document", "text");
                json.WriteStartObject();
                json.WriteString("type"u8, textType);
                document.WriteText(json, "text"u8);
                json.WriteEndObject();
                break;
            case DocumentPart document:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_file"u8);
                json.WriteString("filename"u8, OpenAiPartWriter.NameOf(document));
                OpenAiPartWriter.WriteUrl(json, "file_data"u8, document.MediaType, document.Data!);
                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException(part.GetType().Name);
        }
    }

    /// <summary>Reports what the protocol has no word for.</summary>
    private bool IsUnsaid(ChatPart part)
    {
        var type = part switch { AudioPart => "input_audio", ForeignPart foreign => foreign.Type, _ => null };
        if (type is not null)
        {
            changes.Dropped("messages." + type);
        }

        return type is not null;
    }

    /// <summary>The provider caches by itself; a client's marks have no place.</summary>
    private void ReportCache(ChatPart part)
    {
        if (part.Cache is not null)
        {
            changes.Dropped("messages.cache_control");
        }
    }
}
