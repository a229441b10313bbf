using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.Gemini;

/// <summary>
/// Writes systemInstruction and contents. Roles must take turns, so consecutive turns of one role become one content; a result names its
/// function and not only its call; a signature goes back onto the part that followed it.
/// </summary>
internal sealed class GeminiContentWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes)
{
    /// <summary>What the provider's documentation has for calls that another model made.</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    private readonly Dictionary<string, string> _functions = new(StringComparer.Ordinal);
    private string? _signature;

    public void Write(ChatRequest request)
    {
        WriteSystem(request);
        json.WriteStartArray("contents"u8);
        ChatRole? open = null;
        foreach (var turn in request.Turns)
        {
            if (turn.Name is not null)
            {
                changes.Dropped("messages.name");
            }

            if (turn.Role == ChatRole.System || !turn.Parts.Any(IsWritten))
            {
                Report(turn);
                continue;
            }

            if (open != turn.Role)
            {
                End(open);
                Begin(turn.Role);
                open = turn.Role;
            }

            WriteTurn(turn);
        }

        End(open);
        json.WriteEndArray();
    }

    private void WriteTurn(ChatTurn turn)
    {
        _signature = null;
        var isFirstCall = true;
        foreach (var part in turn.Parts)
        {
            if (part.Cache is not null)
            {
                changes.Dropped("messages.cache_control");
            }

            switch (part)
            {
                case ThinkingPart { State: { IsRedacted: false } state } when state.IsFor(model.Family):
                    _signature = state.Data;
                    break;
                case ThinkingPart:
                    changes.Dropped("messages.thinking");
                    break;
                case ToolCallPart call:
                    WriteCall(call, isFirstCall);
                    isFirstCall = false;
                    break;
                case ToolResultPart result:
                    WriteResult(result);
                    break;
                default:
                    WritePart(part);
                    break;
            }
        }
    }

    private void WritePart(ChatPart part)
    {
        if (!IsWritten(part))
        {
            ReportPart(part);
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
            case DocumentPart { Text: { } words } document:
                changes.Renamed("messages.document", "text");
                json.WriteString("text"u8, document.Title is { } title ? $"{title}\n\n{words}" : words);
                break;
            case DocumentPart document:
                WriteBytes(document.MediaType ?? "application/pdf", document.Data!);
                break;
            case AudioPart audio:
                WriteBytes("audio/" + audio.Format, audio.Data);
                break;
            case ImagePart { Data: { } data } image:
                WriteBytes(image.MediaType ?? "image/png", data);
                break;
            case ImagePart image:
                json.WriteStartObject("fileData"u8);
                json.WriteString("mimeType"u8, MediaTypeOf(image.Url!));
                json.WriteString("fileUri"u8, image.Url);
                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException(part.GetType().Name);
        }

        WriteSignature(null);
        json.WriteEndObject();
        if (part is ImagePart { Detail: not (null or "auto") })
        {
            changes.Dropped("messages.image_url.detail");
        }
    }

    private void WriteBytes(string mediaType, string data)
    {
        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, mediaType == "image/jpg" ? "image/jpeg" : mediaType);
        json.WriteString("data"u8, data);
        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call, bool isFirst)
    {
        _functions[call.Id] = call.Name;
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        json.WriteString("id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        json.WriteRawValue(call.ArgumentsObject(out var isExact), skipInputValidation: true);
        json.WriteEndObject();
        WriteSignature(isFirst && model.Can(Abilities.ThoughtSignatures) ? NoSignature : null);
        json.WriteEndObject();
        if (!isExact)
        {
            changes.Renamed("messages.tool_calls.arguments", "text in an object");
        }
    }

    /// <summary>The protocol wants an object: what a tool answered stands under <c>output</c>, a failure under <c>error</c>.</summary>
    private void WriteResult(ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("id"u8, result.CallId);
        json.WriteString("name"u8, _functions.GetValueOrDefault(result.CallId, "unknown"));
        json.WriteStartObject("response"u8);
        json.WriteString(result.IsError ? "error"u8 : "output"u8, string.Concat(result.Parts.OfType<TextPart>().Select(text => text.Text)));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var other in result.Parts.Where(part => part is not TextPart))
        {
            changes.Renamed("messages.tool_result.content", "user content");
            WritePart(other);
        }
    }

    private void WriteSignature(string? otherwise)
    {
        if ((_signature ?? otherwise) is { } signature)
        {
            json.WriteString("thoughtSignature"u8, signature);
        }

        _signature = null;
    }

    private void Begin(ChatRole role)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role == ChatRole.Assistant ? "model"u8 : "user"u8);
        json.WriteStartArray("parts"u8);
    }

    private void End(ChatRole? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>Instructions stand at the beginning; those from the middle of the conversation are moved there.</summary>
    private void WriteSystem(ChatRequest request)
    {
        var texts = new List<TextPart>(request.System);
        foreach (var turn in request.Turns.Where(turn => turn.Role == ChatRole.System))
        {
            changes.Renamed("messages.system", "systemInstruction");
            texts.AddRange(turn.Parts.OfType<TextPart>());
        }

        texts.RemoveAll(text => text.Text.Length == 0);
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartObject("systemInstruction"u8);
        json.WriteStartArray("parts"u8);
        foreach (var text in texts)
        {
            if (text.Cache is not null)
            {
                changes.Dropped("messages.cache_control");
            }

            json.WriteStartObject();
            json.WriteString("text"u8, text.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static bool IsWritten(ChatPart part) => part switch
    {
        TextPart text => text.Text.Length > 0,
        RefusalPart refusal => refusal.Text.Length > 0,
        ThinkingPart or ForeignPart => false,
        _ => true,
    };

    private void Report(ChatTurn turn)
    {
        foreach (var part in turn.Role == ChatRole.System ? [] : turn.Parts)
        {
            ReportPart(part);
        }
    }

    private void ReportPart(ChatPart part)
    {
        if (part is ThinkingPart or ForeignPart)
        {
            changes.Dropped(part is ForeignPart foreign ? "messages." + foreign.Type : "messages.thinking");
        }
    }

    /// <summary>The protocol demands a media type; an address tells it by its ending, if at all.</summary>
    private static string MediaTypeOf(string url)
    {
        var path = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.AbsolutePath : url;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png", ".webp" => "image/webp", ".gif" => "image/gif", ".heic" => "image/heic", ".heif" => "image/heif", _ => "image/jpeg",
        };
    }
}
