using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Writes system and messages. Roles must take turns, so consecutive turns of one role become one message; empty texts are refused.</summary>
internal sealed class BedrockContentWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes) : TurnWriter(json, changes)
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

    protected override void WriteTurn(ChatTurn turn)
    {
        foreach (var part in turn.Parts)
        {
            Write(part);
        }
    }

    protected override void WriteSystem(List<TextPart> texts)
    {
        Json.WriteStartArray("system"u8);
        texts.ForEach(Write);
        Json.WriteEndArray();
    }

    private void Write(ChatPart part)
    {
        if (!IsWritten(part))
        {
            Changes.DropPart(part);
            return;
        }

        Json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                text.WriteTo(Json, "text"u8);
                break;
            case RefusalPart refusal:
                Json.WriteString("text"u8, refusal.Text);
                break;
            case ImagePart image:
                WriteBytes("image"u8, FormatOf(image.MediaType), null, image.Data!);
                break;
            case DocumentPart { Text: not null } document:
                Changes.Renamed("messages.document", "text");
                document.WriteText(Json, "text"u8);
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

        Json.WriteEndObject();
        if (part.Cache is not null)
        {
            WriteCachePoint(Json);
        }
    }

    private void WriteBytes(ReadOnlySpan<byte> kind, string format, string? name, JsonText data)
    {
        Json.WriteStartObject(kind);
        Json.WriteString("format"u8, format);
        if (name is not null)
        {
            Json.WriteString("name"u8, name);
        }

        Json.WriteStartObject("source"u8);
        Json.WritePropertyName("bytes"u8);
        data.WriteTo(Json);
        Json.WriteEndObject();
        Json.WriteEndObject();
    }

    private void WriteThinking(ThinkingPart thinking)
    {
        var state = thinking.State!;
        Json.WriteStartObject("reasoningContent"u8);
        if (state.IsRedacted)
        {
            Json.WriteString("redactedContent"u8, state.Data);
        }
        else
        {
            Json.WriteStartObject("reasoningText"u8);
            Json.WriteString("text"u8, thinking.Text);
            Json.WriteString("signature"u8, state.Data);
            Json.WriteEndObject();
        }

        Json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call)
    {
        Json.WriteStartObject("toolUse"u8);
        Json.WriteString("toolUseId"u8, IdOf(call.Id));
        Json.WriteString("name"u8, ToolNames.Bedrock.Of(call.Name));
        WriteArguments(Json, "input"u8, call, Changes);
        Json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        Json.WriteStartObject("toolResult"u8);
        Json.WriteString("toolUseId"u8, IdOf(result.CallId));
        Json.WriteStartArray("content"u8);
        foreach (var part in result.Parts)
        {
            Write(part with { Cache = null });
        }

        Json.WriteEndArray();
        if (result.IsError)
        {
            Json.WriteString("status"u8, "error"u8);
        }

        Json.WriteEndObject();
    }

    /// <summary>The protocol takes 1 to 64 letters, digits, <c>_</c> and <c>-</c>; call and result are changed alike, so they still meet.</summary>
    private string IdOf(string id)
    {
        if (id.Length is > 0 and <= 64 && id.All(IsIdChar))
        {
            return id;
        }

        Changes.Renamed("messages.tool_calls.id", "plain letters");
        var plain = id.Length == 0 ? "_" : string.Concat(id.Select(c => IsIdChar(c) ? c : '_'));
        return plain.Length <= 64 ? plain : AwsSignature.Hash(System.Text.Encoding.UTF8.GetBytes(id));
    }

    protected override bool IsWritten(ChatPart part) => part switch
    {
        TextPart text => !text.IsEmpty,
        RefusalPart refusal => refusal.Text.Length > 0,
        ThinkingPart thinking => thinking.State?.IsFor(model.Family) == true,
        // It fetches none; an answer without the picture is said to be one.
        ImagePart image => image.Data is not null,
        AudioPart or ForeignPart => false,
        _ => true,
    };

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
