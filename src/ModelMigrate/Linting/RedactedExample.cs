using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Providers.Exchange.Rehearsing;

namespace ModelMigrate.Linting;

/// <summary>Shows the part of a request that a finding is about, without any text that a person wrote.</summary>
internal static class RedactedExample
{
    private const int Longest = 160;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Members whose values are words of the protocols.</summary>
    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "type", "role", "effort", "reasoning_effort", "service_tier", "verbosity", "format", "voice", "tool_choice", "function_call", "detail", "media_type", "encoding_format",
    };

    /// <summary>The part as JSON, cut to a line; null where the request does not have the field.</summary>
    public static string? Of(JsonObject body, string field)
    {
        if (field == Rehearsal.ImagesField)
        {
            var said = body["messages"] ?? body["input"];
            return (Find(said, "image_url") ?? Find(said, "input_image") ?? Find(said, "image") ?? Find(said, "computer_call_output")) is { } image ? Cut(image) : null;
        }

        var names = field.Split('.');
        if (body[names[0]] is not { } top)
        {
            return null;
        }

        var shown = names.Length == 1 ? new JsonObject { [field] = Redacted(field, top) } : Find(top, names[^1]) ?? new JsonObject { [names[0]] = Redacted(names[0], top) };
        return Cut(shown);
    }

    private static string Cut(JsonObject shown)
    {
        var text = shown.ToJsonString(s_plain);
        return text.Length <= Longest ? text : text[..(Longest - 1)] + "…";
    }

    /// <summary>The first object that has the member, or that is of the type.</summary>
    private static JsonObject? Find(JsonNode? node, string name)
    {
        switch (node)
        {
            // What is wrong with a content is in its parts.
            case JsonObject group when group[name] is { } value && (name != "content" || value is JsonArray):
                return new JsonObject { [name] = Redacted(name, value) };
            case JsonObject group when group["type"] is JsonValue type && type.ToString() == name:
                return (JsonObject)Redacted("", group)!;
            case JsonObject group:
                return group.Select(member => Find(member.Value, name)).FirstOrDefault(found => found is not null);
            case JsonArray list:
                return list.Select(item => Find(item, name)).FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    private static JsonNode? Redacted(string name, JsonNode? node) => node switch
    {
        JsonObject group => new JsonObject(group.Select(member => KeyValuePair.Create(member.Key, Redacted(member.Key, member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => Redacted(name, item))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => IsWord(name, value.ToString()) ? value.ToString() : $"<{value.ToString().Length} characters>",
        _ => node?.DeepClone(),
    };

    private static bool IsWord(string name, string text) => s_words.Contains(name) && text.Length <= 40 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.');
}
