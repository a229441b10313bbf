using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Writes system and messages. Roles must take turns, so consecutive turns of one role become one message; empty texts are refused.</summary>
internal sealed class BedrockContentWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    private int _documents;

    public static void WriteCachePoint(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("cachePoint"u8);
        json.WriteString("type"u8, "default"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void Write(ChatRequest request)
    {
        WriteSystem(request);
        json.WriteStartArray("messages"u8);
        ChatRole? open = null;
        foreach (var turn in request.Turns)
        {
            if (turn.Name is not null)
            {
                changes.Dropped("messages.name");
            }

            if (turn.Role == ChatRole.System)
            {
                continue;
            }

            if (open != turn.Role && turn.Parts.Any(IsWritten))
            {
                End(open);
                json.WriteStartObject();
                json.WriteString("role"u8, turn.Role == ChatRole.Assistant ? "assistant"u8 : "user"u8);
                json.WriteStartArray("content"u8);
                open = turn.Role;
            }

            foreach (var part in turn.Parts)
            {
                Write(part);
            }
        }

        End(open);
        json.WriteEndArray();
    }

    private void End(ChatRole? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private void WriteSystem(ChatRequest request)
    {
        var texts = new List<TextPart>(request.System);
        foreach (var turn in request.Turns.Where(turn => turn.Role == ChatRole.System))
        {
            changes.Renamed("messages.system", "system");
            texts.AddRange(turn.Parts.OfType<TextPart>());
        }

        texts.RemoveAll(text => text.Text.Length == 0);
        if (texts.Count > 0)
        {
            json.WriteStartArray("system"u8);
            texts.ForEach(Write);
            json.WriteEndArray();
        }
    }

    private void Write(ChatPart part)
    {
        if (!IsWritten(part))
        {
            Report(part);
            return;
        }

        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalPart refusal:
                json.WriteString("text"u8, refusal.Text);
                break;
            case ImagePart image:
                WriteBytes("image"u8, FormatOf(image.MediaType), null, image.Data!);
                break;
            case DocumentPart { Text: { } words } document:
                changes.Renamed("messages.document", "text");
                json.WriteString("text"u8, document.Title is { } title ? $"{title}\n\n{words}" : words);
                break;
            case DocumentPart document:
                // A name is demanded, of few characters; the client's may steer the model, so it gets a number.
                WriteBytes("document"u8, FormatOf(document.MediaType), $"document {++_documents}", document.Data!);
                break;
            case ThinkingPart thinking:
                WriteThinking(thinking);
                break;
            case ToolCallPart call:
                WriteCall(call);
                break;
            case ToolResultPart result:
                WriteResult(result);
                break;
            default:
                throw new NotSupportedException(part.GetType().Name);
        }

        json.WriteEndObject();
        if (part.Cache is not null)
        {
            WriteCachePoint(json);
        }
    }

    private void WriteBytes(ReadOnlySpan<byte> kind, string format, string? name, string data)
    {
        json.WriteStartObject(kind);
        json.WriteString("format"u8, format);
        if (name is not null)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteStartObject("source"u8);
        json.WriteString("bytes"u8, data);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteThinking(ThinkingPart thinking)
    {
        var state = thinking.State!;
        json.WriteStartObject("reasoningContent"u8);
        if (state.IsRedacted)
        {
            json.WriteString("redactedContent"u8, state.Data);
        }
        else
        {
            json.WriteStartObject("reasoningText"u8);
            json.WriteString("text"u8, thinking.Text);
            json.WriteString("signature"u8, state.Data);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call)
    {
        json.WriteStartObject("toolUse"u8);
        json.WriteString("toolUseId"u8, IdOf(call.Id));
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("input"u8);
        json.WriteRawValue(call.ArgumentsObject(out var isExact), skipInputValidation: true);
        json.WriteEndObject();
        if (!isExact)
        {
            changes.Renamed("messages.tool_calls.arguments", "text in an object");
        }
    }

    private void WriteResult(ToolResultPart result)
    {
        json.WriteStartObject("toolResult"u8);
        json.WriteString("toolUseId"u8, IdOf(result.CallId));
        json.WriteStartArray("content"u8);
        foreach (var part in result.Parts)
        {
            Write(part with { Cache = null });
        }

        json.WriteEndArray();
        if (result.IsError)
        {
            json.WriteString("status"u8, "error"u8);
        }

        json.WriteEndObject();
    }

    /// <summary>The protocol takes 1 to 64 letters, digits, <c>_</c> and <c>-</c>; call and result are changed alike, so they still meet.</summary>
    private string IdOf(string id)
    {
        if (id.Length is > 0 and <= 64 && id.All(IsIdChar))
        {
            return id;
        }

        changes.Renamed("messages.tool_calls.id", "plain letters");
        var plain = id.Length == 0 ? "_" : string.Concat(id.Select(c => IsIdChar(c) ? c : '_'));
        return plain.Length <= 64 ? plain : AwsSignature.Hash(System.Text.Encoding.UTF8.GetBytes(id));
    }

    private bool IsWritten(ChatPart part) => part switch
    {
        TextPart text => text.Text.Length > 0,
        RefusalPart refusal => refusal.Text.Length > 0,
        ThinkingPart thinking => thinking.State?.IsFor(model.Family) == true,
        ImagePart image => image.Data is not null,
        AudioPart or ForeignPart => false,
        _ => true,
    };

    private void Report(ChatPart part)
    {
        switch (part)
        {
            case ThinkingPart:
                changes.Dropped("messages.thinking");
                break;
            case ImagePart:
                // It fetches none; an answer without the picture is said to be one.
                changes.Dropped("messages.image_url");
                break;
            case AudioPart:
                changes.Dropped("messages.input_audio");
                break;
            case ForeignPart foreign:
                changes.Dropped("messages." + foreign.Type);
                break;
        }
    }

    private static string FormatOf(string? mediaType) => mediaType switch
    {
        null => "png",
        "image/jpg" => "jpeg",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "text/plain" => "txt",
        "text/markdown" => "md",
        _ => mediaType[(mediaType.LastIndexOf('/') + 1)..],
    };

    private static bool IsIdChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
