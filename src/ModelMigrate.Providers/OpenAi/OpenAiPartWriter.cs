using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Writes a message's content: a text alone as a string, anything else as an array of parts.</summary>
internal sealed class OpenAiPartWriter(Utf8JsonWriter json, ChangeList changes)
{
    public static bool IsWritten(ChatPart part) => part is not (ThinkingPart or ForeignPart { Protocol: not ProviderKind.OpenAi });

    public static string NameOf(DocumentPart document) => document.Title ?? "document.pdf";

    /// <summary>Writes where a picture is found, its bytes included.</summary>
    public static void WriteUrl(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImagePart image)
    {
        if (image.Url is { } url)
        {
            json.WriteString(name, url);
        }
        else
        {
            WriteUrl(json, name, image.MediaType, image.Data!);
        }
    }

    /// <summary>Writes bytes as an address (RFC 2397).</summary>
    public static void WriteUrl(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? mediaType, JsonText data)
    {
        json.WritePropertyName(name);
        data.WriteTo(json, $"data:{mediaType};base64,");
    }

    public void WriteContent(IReadOnlyList<ChatPart> parts)
    {
        if (parts.Count == 0)
        {
            json.WriteStringValue("");
            return;
        }

        if (parts is [TextPart only])
        {
            ReportCache(only);
            only.WriteTo(json);
            return;
        }

        json.WriteStartArray();
        foreach (var part in parts)
        {
            Write(part);
        }

        json.WriteEndArray();
    }

    /// <summary>The provider caches by itself; a client's marks have no place.</summary>
    public void ReportCache(ChatPart part)
    {
        if (part.Cache is not null)
        {
            changes.Dropped("messages.cache_control");
        }
    }

    private void Write(ChatPart part)
    {
        ReportCache(part);
        if (part is ForeignPart foreign)
        {
            if (foreign.Protocol == ProviderKind.OpenAi)
            {
                json.WriteRawValue(foreign.Json, skipInputValidation: true);
            }
            else
            {
                changes.Dropped("messages." + foreign.Type);
            }

            return;
        }

        if (!IsWritten(part))
        {
            changes.Dropped("messages.thinking");
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
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                break;
            case ImagePart image:
                WriteImage(image);
                break;
            case DocumentPart document:
                WriteDocument(document);
                break;
            case AudioPart audio:
                WriteAudio(audio);
                break;
            default:
                throw new NotSupportedException(part.GetType().Name);
        }

        json.WriteEndObject();
    }

    private void WriteImage(ImagePart image)
    {
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        WriteUrl(json, "url"u8, image);
        if (image.Detail is { } detail)
        {
            json.WriteString("detail"u8, detail);
        }

        json.WriteEndObject();
    }

    private void WriteDocument(DocumentPart document)
    {
        if (document.Text is not null)
        {
            changes.Renamed("messages.document", "text");
            json.WriteString("type"u8, "text"u8);
            document.WriteText(json, "text"u8);
            return;
        }

        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        json.WriteString("filename"u8, NameOf(document));
        WriteUrl(json, "file_data"u8, document.MediaType, document.Data!);
        json.WriteEndObject();
    }

    private void WriteAudio(AudioPart audio)
    {
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WritePropertyName("data"u8);
        audio.Data.WriteTo(json);
        json.WriteString("format"u8, audio.Format);
        json.WriteEndObject();
    }
}
