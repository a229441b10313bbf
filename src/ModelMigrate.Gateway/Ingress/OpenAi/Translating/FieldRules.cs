using System.Text.Json;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Translating;

/// <summary>
/// Which request fields the neutral language can carry. A field is carried; or dropped and reported, because the answer does not depend
/// on it in any promised way; or it makes the request untranslatable, because an answer without it would be a wrong one. Nothing is
/// dropped in silence.
/// </summary>
internal static class FieldRules
{
    /// <summary>Fields that translation reads.</summary>
    public static IReadOnlyList<string> Carried { get; } =
    [
        "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "tools", "tool_choice", "parallel_tool_calls", "response_format",
        "reasoning_effort", "seed", "logprobs", "top_logprobs", "presence_penalty", "frequency_penalty",
    ];

    /// <summary>Fields that the scan itself reads.</summary>
    private static readonly string[] Scanned = ["model", "messages", "stream", "stream_options", "user", "n"];

    /// <summary>Fields about storage, billing, caching and guessing ahead at the provider, and wishes that no provider guarantees.</summary>
    public static IReadOnlyList<string> Dropped { get; } =
    [
        "store", "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "prediction", "verbosity",
        "logit_bias",
    ];

    private const int FirstBit = 8;

    /// <summary>Skips the field that the scan stands on; answers its name when a model of another protocol cannot be asked it.</summary>
    public static string? Untranslatable(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        var carried = Find(Carried, ref json);
        if (carried >= 0)
        {
            var name = Carried[carried];
            var isTwice = !scan.IsFirst(FirstBit + carried);
            json.Read();
            var isOther = (name == "stop" && HasBlank(ref json)) || (name == "tools" && JsonWalk.HasToolBeside(ref json, "function"u8));
            json.Skip();

            // Which of two values holds is the provider's to say; the Anthropic protocol refuses blank stop texts and knows functions only.
            return isTwice || isOther ? name : null;
        }

        if (Find(Dropped, ref json) >= 0)
        {
            json.Skip();
            return null;
        }

        var unknown = JsonWalk.TextOf(ref json);
        json.Read();
        var isNeutral = IsNeutral(unknown, ref json);
        json.Skip();
        return isNeutral ? null : unknown;
    }

    /// <summary>Whether translation has a word for a field.</summary>
    public static bool IsRead(string name) => Carried.Contains(name, StringComparer.Ordinal) || Array.IndexOf(Scanned, name) >= 0;

    /// <summary>Whether a field that translation has no word for says nothing anyhow.</summary>
    public static bool SaysNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0 || (name == "modalities" && value.GetArrayLength() == 1 && value[0].ValueEquals("text"u8)),
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.String => name == "function_call" && (value.ValueEquals("none"u8) || value.ValueEquals("auto"u8)),
        _ => false,
    };

    private static bool IsNeutral(string name, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return name == "function_call" && (json.ValueTextEquals("none"u8) || json.ValueTextEquals("auto"u8));
        }

        // Text as the only kind of answer.
        var copy = json;
        return JsonWalk.SaysNothing(json)
            || (name == "modalities" && copy.TokenType == JsonTokenType.StartArray && copy.Read() && copy.TokenType == JsonTokenType.String
                && copy.ValueTextEquals("text"u8) && copy.Read() && copy.TokenType == JsonTokenType.EndArray);
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

    private static bool IsBlank(ref Utf8JsonReader json) => string.IsNullOrWhiteSpace(JsonWalk.TextOf(ref json));

    private static int Find(IReadOnlyList<string> names, ref Utf8JsonReader json)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (json.ValueTextEquals(names[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
