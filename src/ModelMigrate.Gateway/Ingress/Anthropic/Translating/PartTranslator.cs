using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat.Parts;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.Anthropic.Translating;

/// <summary>Reads content: a string, or an array of blocks.</summary>
internal sealed class PartTranslator(FieldReader fields)
{
    /// <summary>Null for what is neither.</summary>
    public List<ChatPart>? Read(JsonElement content, string at)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return [fields.Words(content)];
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var parts = new List<ChatPart>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray())
        {
            if (block.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var part = ReadBlock(block, at);
            parts.Add(fields.Object(block, "cache_control", at + ".cache_control") is { } mark ? part with { Cache = new CacheMark(mark) } : part);
        }

        return parts;
    }

    private ChatPart ReadBlock(JsonElement block, string at)
    {
        switch (fields.Required(block, "type", at + ".type"))
        {
            case "text":
                return fields.RequiredWords(block, "text", at + ".text");
            case "image" when SourceOf(block) is { Text: null } source:
                return new ImagePart { Url = source.Url, MediaType = source.MediaType, Data = source.Data };
            case "document" when SourceOf(block) is { Url: null } source:
                return new DocumentPart { MediaType = source.MediaType, Data = source.Data, Text = source.Text, Title = fields.Text(block, "title", at + ".title") };
            case "tool_use":
                return new ToolCallPart(
                    fields.Required(block, "id", at + ".id"), fields.Required(block, "name", at + ".name"), fields.Object(block, "input", at + ".input") ?? "{}");
            case "tool_result":
                return Result(block, at);
            case "thinking":
                return new ThinkingPart(fields.Required(block, "thinking", at + ".thinking"), State(block, "signature", at, isRedacted: false));
            case "redacted_thinking":
                return new ThinkingPart("", State(block, "data", at, isRedacted: true));
            case var other:
                return new ForeignPart(ProviderKind.Anthropic, other, block.GetRawText());
        }
    }

    private ToolResultPart Result(JsonElement block, string at)
    {
        List<ChatPart> parts = [];
        if (FieldReader.Has(block, "content", out var content))
        {
            if (Read(content, at + ".content") is { } read)
            {
                parts = read;
            }
            else
            {
                fields.Fail(at + ".content", "must be a string or an array of content blocks");
            }
        }

        return new ToolResultPart(fields.Required(block, "tool_use_id", at + ".tool_use_id"), parts)
        {
            IsError = fields.Flag(block, "is_error", at + ".is_error") ?? false,
        };
    }

    private OpaqueState? State(JsonElement block, string name, string at, bool isRedacted) =>
        fields.Text(block, name, $"{at}.{name}") is { } text ? OpaqueState.Read(text, isRedacted) : null;

    /// <summary>Where an image or document comes from; null for what only the provider itself holds.</summary>
    private (string? Url, string? MediaType, JsonText? Data, JsonText? Text)? SourceOf(JsonElement block)
    {
        if (!FieldReader.Has(block, "source", out var source) || source.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return TextOf(source, "type") switch
        {
            "url" when TextOf(source, "url") is { } url => (url, null, null, null),
            "base64" when LongOf(source) is { } data => (null, TextOf(source, "media_type") ?? "application/octet-stream", data, null),
            "text" when LongOf(source) is { } text => (null, null, null, text),
            _ => null,
        };
    }

    private JsonText? LongOf(JsonElement source) =>
        source.TryGetProperty("data"u8, out var value) && value.ValueKind == JsonValueKind.String ? fields.Long(value) : null;

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
