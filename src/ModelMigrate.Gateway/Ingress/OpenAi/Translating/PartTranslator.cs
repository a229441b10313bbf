using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Translating;

/// <summary>Reads a message's content: a string, or an array of parts.</summary>
internal sealed class PartTranslator(FieldReader fields)
{
    /// <summary>Null for what is neither.</summary>
    public List<ChatPart>? Read(JsonElement content, string at)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return [fields.Words(content)];
        }

        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return null;
        }

        var parts = new List<ChatPart>(content.GetArrayLength());
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            parts.Add(ReadPart(part, at));
        }

        return parts;
    }

    private ChatPart ReadPart(JsonElement part, string at)
    {
        switch (fields.Required(part, "type", at + ".type"))
        {
            case "text":
                return fields.RequiredWords(part, "text", at + ".text");
            case "refusal":
                return new RefusalPart(fields.Required(part, "refusal", at + ".refusal"));
            case "image_url":
                return Image(part, at);
            case "input_audio":
                var audio = part.TryGetProperty("input_audio"u8, out var spoken) ? spoken : default;
                return new AudioPart(fields.Required(audio, "format", at + ".input_audio.format"), fields.RequiredLong(audio, "data", at + ".input_audio.data"));
            case "file" when part.TryGetProperty("file"u8, out var file) && file.ValueKind == JsonValueKind.Object && FieldReader.Has(file, "file_data", out _):
                return File(file, at);
            case var other:
                return new ForeignPart(ProviderKind.OpenAi, other, part.GetRawText());
        }
    }

    private ImagePart Image(JsonElement part, string at)
    {
        var image = part.TryGetProperty("image_url"u8, out var shown) ? shown : default;
        var url = fields.RequiredLong(image, "url", at + ".image_url.url");
        var detail = image.ValueKind == JsonValueKind.Object ? fields.Text(image, "detail", at + ".image_url.detail") : null;
        return DataUrl.TryRead(url, out var mediaType, out var data)
            ? new ImagePart { MediaType = mediaType, Data = data, Detail = detail }
            : new ImagePart { Url = url.ToString(), Detail = detail };
    }

    private DocumentPart File(JsonElement file, string at)
    {
        var data = fields.RequiredLong(file, "file_data", at + ".file.file_data");
        var title = fields.Text(file, "filename", at + ".file.filename");
        return DataUrl.TryRead(data, out var mediaType, out var bytes)
            ? new DocumentPart { MediaType = mediaType, Data = bytes, Title = title }
            : new DocumentPart { MediaType = "application/pdf", Data = data, Title = title };
    }
}
