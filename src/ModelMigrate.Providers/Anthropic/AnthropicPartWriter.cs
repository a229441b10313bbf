using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Writes one content block for each part that the protocol, and this model, may be sent.</summary>
internal sealed class AnthropicPartWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    /// <summary>Whether a part becomes a block.</summary>
    public bool IsWritten(ChatPart part) => part switch
    {
        TextPart text => !text.IsEmpty,
        RefusalPart refusal => refusal.Text.Length > 0,
        ThinkingPart thinking => thinking.State?.IsFor(model.Family) == true,
        AudioPart => false,
        ForeignPart foreign => foreign.Protocol == ProviderKind.Anthropic,
        _ => true,
    };

    public void Write(ChatPart part)
    {
        if (!IsWritten(part))
        {
            changes.DropPart(part);
            return;
        }

        if (part is ForeignPart foreign)
        {
            json.WriteRawValue(foreign.Json, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type"u8, "text"u8);
                text.WriteTo(json, "text"u8);
                break;
            case RefusalPart refusal:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, refusal.Text);
                break;
            case ImagePart image:
                WriteImage(image);
                break;
            case DocumentPart document:
                WriteDocument(document);
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

        if (part.Cache is { } cache)
        {
            json.WritePropertyName("cache_control"u8);
            json.WriteRawValue(cache.Json, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private void WriteImage(ImagePart image)
    {
        if (image.Detail is not (null or "auto"))
        {
            changes.Dropped("messages.image_url.detail");
        }

        json.WriteString("type"u8, "image"u8);
        json.WriteStartObject("source"u8);
        if (image.Data is { } data)
        {
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, image.MediaType);
            json.WritePropertyName("data"u8);
            data.WriteTo(json);
        }
        else
        {
            json.WriteString("type"u8, "url"u8);
            json.WriteString("url"u8, image.Url);
        }

        json.WriteEndObject();
    }

    private void WriteDocument(DocumentPart document)
    {
        json.WriteString("type"u8, "document"u8);
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, document.Text is null ? "base64"u8 : "text"u8);
        json.WriteString("media_type"u8, document.Text is null ? document.MediaType : "text/plain");
        json.WritePropertyName("data"u8);
        (document.Text ?? document.Data!).WriteTo(json);
        json.WriteEndObject();
        if (document.Title is { } title)
        {
            json.WriteString("title"u8, title);
        }
    }

    private void WriteThinking(ThinkingPart thinking)
    {
        var state = thinking.State!;
        json.WriteString("type"u8, state.IsRedacted ? "redacted_thinking"u8 : "thinking"u8);
        if (state.IsRedacted)
        {
            json.WriteString("data"u8, state.Data);
        }
        else
        {
            json.WriteString("thinking"u8, thinking.Text);
            json.WriteString("signature"u8, state.Data);
        }
    }

    private void WriteCall(ToolCallPart call)
    {
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, IdOf(call.Id));
        json.WriteString("name"u8, call.Name);
        TurnWriter.WriteArguments(json, "input"u8, call, changes);
    }

    private void WriteResult(ToolResultPart result)
    {
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, IdOf(result.CallId));
        if (result.Parts is [TextPart { Cache: null } only])
        {
            only.WriteTo(json, "content"u8);
        }
        else if (result.Parts.Any(IsWritten))
        {
            json.WriteStartArray("content"u8);
            foreach (var part in result.Parts)
            {
                Write(part);
            }

            json.WriteEndArray();
        }

        if (result.IsError)
        {
            json.WriteBoolean("is_error"u8, value: true);
        }
    }

    /// <summary>The protocol takes letters, digits, <c>_</c> and <c>-</c>; call and result are changed alike, so they still meet.</summary>
    private string IdOf(string id)
    {
        if (id.Length > 0 && id.All(IsIdChar))
        {
            return id;
        }

        changes.Renamed("messages.tool_calls.id", "plain letters");
        return id.Length == 0 ? "_" : string.Concat(id.Select(c => IsIdChar(c) ? c : '_'));
    }

    private static bool IsIdChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
