using System.Text.Json;
using ModelMigrate.Gateway.Ingress.OpenAi.Translating;
using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>Which fields of a responses body the neutral language can carry, as <see cref="FieldRules"/> says it of chat.</summary>
internal static class ResponseRules
{
    /// <summary>Fields that translation reads.</summary>
    public static IReadOnlyList<string> Carried { get; } =
        ["max_output_tokens", "temperature", "top_p", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning"];

    /// <summary>Fields that mean the same in a chat of this protocol, and are dropped where another is spoken.</summary>
    public static IReadOnlyList<string> OfChat { get; } = ["service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"];

    /// <summary>Fields about storage, extras of the answer and limits that no chat has a word for.</summary>
    public static IReadOnlyList<string> Dropped { get; } = ["store", "metadata", "include", "truncation", "max_tool_calls", "top_logprobs", "stream_options", "context_management"];

    /// <summary>Fields that the scan itself reads.</summary>
    private static readonly string[] s_scanned = ["model", "input", "stream", "instructions", "user", "previous_response_id"];

    private const int FirstBit = 8;

    /// <summary>Skips the field that the scan stands on; answers its name when a model of another protocol cannot be asked it.</summary>
    public static string? Untranslatable(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        var name = JsonWalk.TextOf(ref json);
        json.Read();
        var carried = Find(Carried, name);
        var isTwice = carried >= 0 && !scan.IsFirst(FirstBit + carried);
        var isLost = name switch
        {
            "tools" => JsonWalk.HasToolBeside(ref json, "function"u8),
            "tool_choice" => HasOtherChoice(ref json),
            _ => carried < 0 && Find(OfChat, name) < 0 && Find(Dropped, name) < 0 && json.TokenType != JsonTokenType.False && !JsonWalk.SaysNothing(json),
        };
        json.Skip();
        return isTwice || isLost ? name : null;
    }

    /// <summary>Whether translation has a word for a field.</summary>
    public static bool IsRead(string name) => Find(Carried, name) >= 0 || Array.IndexOf(s_scanned, name) >= 0;

    /// <summary>Whether a field says what holds anyhow: nothing is stored, cut or run in the background by a chat model.</summary>
    public static bool SaysNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => name == "stream_options" || !value.EnumerateObject().Any(),
        JsonValueKind.String => name == "truncation" && value.ValueEquals("disabled"u8),
        _ => false,
    };

    private static bool HasOtherChoice(ref Utf8JsonReader json)
    {
        var isOther = false;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (JsonWalk.NextName(ref json))
            {
                var isType = json.ValueTextEquals("type"u8);
                json.Read();
                isOther |= isType && !(json.TokenType == JsonTokenType.String && json.ValueTextEquals("function"u8));
                json.Skip();
            }
        }

        return isOther;
    }

    private static int Find(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
