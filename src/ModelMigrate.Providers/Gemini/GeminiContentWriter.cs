using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Gemini;

/// <summary>
/// Writes systemInstruction and contents. Roles must take turns, so consecutive turns of one role become one content; a result names its
/// function and not only its call; a signature goes back onto the part that followed it.
/// </summary>
internal sealed class GeminiContentWriter(Utf8JsonWriter json, ModelSnapshot model, ChangeList changes) : TurnWriter(json, changes)
{
    /// <summary>What the provider's documentation has for calls that another model made.</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    private readonly Dictionary<string, string> _functions = new(StringComparer.Ordinal);
    private string? _signature;

    protected override string Instructions => "systemInstruction";

    protected override ReadOnlySpan<byte> Messages => "contents"u8;

    protected override ReadOnlySpan<byte> Content => "parts"u8;

    protected override ReadOnlySpan<byte> Assistant => "model"u8;

    protected override void WriteTurn(ChatTurn turn)
    {
        if (!turn.Parts.Any(IsWritten))
        {
            // No part is left that a signature could go onto.
            turn.Parts.ToList().ForEach(Changes.DropPart);
            return;
        }

        _signature = null;
        var isFirstCall = true;
        foreach (var part in turn.Parts)
        {
            if (part.Cache is not null)
            {
                Changes.Dropped("messages.cache_control");
            }

            switch (part)
            {
                case ThinkingPart { State: { IsRedacted: false } state } when state.IsFor(model.Family):
                    _signature = state.Data;
                    break;
                case ThinkingPart:
                    Changes.Dropped("messages.thinking");
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
            case DocumentPart { Text: not null } document:
                Changes.Renamed("messages.document", "text");
                document.WriteText(Json, "text"u8);
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
                Json.WriteStartObject("fileData"u8);
                Json.WriteString("mimeType"u8, MediaTypeOf(image.Url!));
                Json.WriteString("fileUri"u8, image.Url);
                Json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException(part.GetType().Name);
        }

        WriteSignature(null);
        Json.WriteEndObject();
        if (part is ImagePart { Detail: not (null or "auto") })
        {
            Changes.Dropped("messages.image_url.detail");
        }
    }

    private void WriteBytes(string mediaType, JsonText data)
    {
        Json.WriteStartObject("inlineData"u8);
        Json.WriteString("mimeType"u8, mediaType == "image/jpg" ? "image/jpeg" : mediaType);
        Json.WritePropertyName("data"u8);
        data.WriteTo(Json);
        Json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call, bool isFirst)
    {
        var name = ToolNames.Gemini.Of(call.Name);
        _functions[call.Id] = name;
        Json.WriteStartObject();
        Json.WriteStartObject("functionCall"u8);
        Json.WriteString("id"u8, call.Id);
        Json.WriteString("name"u8, name);
        WriteArguments(Json, "args"u8, call, Changes);
        Json.WriteEndObject();
        WriteSignature(isFirst && model.Can(Abilities.ThoughtSignatures) ? NoSignature : null);
        Json.WriteEndObject();
    }

    /// <summary>The protocol wants an object: what a tool answered stands under <c>output</c>, a failure under <c>error</c>.</summary>
    private void WriteResult(ToolResultPart result)
    {
        Json.WriteStartObject();
        Json.WriteStartObject("functionResponse"u8);
        Json.WriteString("id"u8, result.CallId);
        Json.WriteString("name"u8, _functions.GetValueOrDefault(result.CallId, "unknown"));
        Json.WriteStartObject("response"u8);
        WriteText(result.IsError ? "error"u8 : "output"u8, [.. result.Parts.OfType<TextPart>()]);
        Json.WriteEndObject();
        Json.WriteEndObject();
        Json.WriteEndObject();
        foreach (var other in result.Parts.Where(part => part is not TextPart))
        {
            Changes.Renamed("messages.tool_result.content", "user content");
            WritePart(other);
        }
    }

    private void WriteText(ReadOnlySpan<byte> name, List<TextPart> texts)
    {
        if (texts is [var only])
        {
            only.WriteTo(Json, name);
        }
        else
        {
            Json.WriteString(name, string.Concat(texts.Select(text => text.Text)));
        }
    }

    private void WriteSignature(string? otherwise)
    {
        if ((_signature ?? otherwise) is { } signature)
        {
            Json.WriteString("thoughtSignature"u8, signature);
        }

        _signature = null;
    }

    protected override void WriteSystem(List<TextPart> texts)
    {
        Json.WriteStartObject("systemInstruction"u8);
        Json.WriteStartArray("parts"u8);
        foreach (var text in texts)
        {
            if (text.Cache is not null)
            {
                Changes.Dropped("messages.cache_control");
            }

            Json.WriteStartObject();
            text.WriteTo(Json, "text"u8);
            Json.WriteEndObject();
        }

        Json.WriteEndArray();
        Json.WriteEndObject();
    }

    protected override bool IsWritten(ChatPart part) => part switch
    {
        TextPart text => !text.IsEmpty,
        RefusalPart refusal => refusal.Text.Length > 0,
        ThinkingPart or ForeignPart => false,
        _ => true,
    };

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
