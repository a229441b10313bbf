using System.Text.Json;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>
/// Which request fields the neutral language can carry. A field is carried; or dropped and reported, because the answer does not depend
/// on it in any promised way; or it makes the request untranslatable. Nothing is dropped in silence.
/// </summary>
internal static class FieldRules
{
    /// <summary>Fields that translation reads.</summary>
    private static readonly string[] Carried = ["max_tokens", "max_completion_tokens", "temperature", "top_p", "stop"];

    /// <summary>Fields about storage, billing and caching at the provider, and the seed, which no provider guarantees.</summary>
    private static readonly string[] Dropped =
    [
        "seed", "store", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "parallel_tool_calls",
    ];

    /// <summary>Fields that say nothing when they hold one of these values.</summary>
    private static readonly (string Field, string Value)[] Neutral =
    [
        ("presence_penalty", "0"), ("frequency_penalty", "0"), ("logprobs", "false"), ("tool_choice", "none"), ("tool_choice", "auto"),
        ("top_logprobs", "0"),
    ];

    private const int FirstBit = 8;

    /// <summary>Skips the field that the reader stands on; answers its name when the neutral language has no word for it.</summary>
    public static string? Untranslatable(ref Utf8JsonReader json, ref int seen)
    {
        var carried = Find(Carried, ref json);
        if (carried >= 0)
        {
            var bit = 1 << (FirstBit + carried);
            var isTwice = (seen & bit) != 0;
            seen |= bit;
            json.Read();
            var isBlankStop = Carried[carried] == "stop" && HasBlank(ref json);
            json.Skip();

            // Which of two values holds is the provider's to say; the Anthropic protocol refuses blank stop texts.
            return isTwice || isBlankStop ? Carried[carried] : null;
        }

        if (Find(Dropped, ref json) >= 0)
        {
            json.Skip();
            return null;
        }

        var name = NameOf(ref json);
        json.Read();
        var isNeutral = IsNeutral(name, ref json);
        json.Skip();
        return isNeutral ? null : name;
    }

    /// <summary>Whether a field is left out in translation and the client told so.</summary>
    public static bool IsDropped(string name) => Array.IndexOf(Dropped, name) >= 0;

    private static bool IsNeutral(string name, ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                // An empty list of tools, an empty bias; and the default response format.
                var copy = json;
                copy.Read();
                return copy.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject || (name == "response_format" && IsTextFormat(copy));
            case JsonTokenType.Number:
                return json.TryGetDouble(out var number) && number == 0 && Array.IndexOf(Neutral, (name, "0")) >= 0;
            case JsonTokenType.String:
                return Array.Exists(Neutral, rule => rule.Field == name) && Array.IndexOf(Neutral, (name, NameOf(ref json))) >= 0;
            default:
                return json.TokenType == JsonTokenType.False && Array.IndexOf(Neutral, (name, "false")) >= 0;
        }
    }

    private static bool IsTextFormat(Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("type"u8))
        {
            return false;
        }

        json.Read();
        var isText = json.TokenType == JsonTokenType.String && json.ValueTextEquals("text"u8);
        return isText && json.Read() && json.TokenType == JsonTokenType.EndObject;
    }

    private static bool HasBlank(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return IsBlank(ref json);
        }

        var blank = false;
        if (json.TokenType == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                blank |= json.TokenType == JsonTokenType.String && IsBlank(ref json);
                json.Skip();
            }
        }

        return blank;
    }

    private static bool IsBlank(ref Utf8JsonReader json) => string.IsNullOrWhiteSpace(NameOf(ref json));

    private static int Find(string[] names, ref Utf8JsonReader json)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (json.ValueTextEquals(names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A name or text; one that is no valid text stands for itself, as nothing that is known.</summary>
    private static string NameOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "(not text)";
        }
    }
}
