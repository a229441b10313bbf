using ModelMigrate.Gateway.Ingress.Scanning;

namespace ModelMigrate.Gateway.Ingress.Anthropic.Translating;

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
        "max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice", "thinking", "output_config", "output_format",
    ];

    /// <summary>Fields that the scan itself reads.</summary>
    private static readonly string[] Scanned = ["model", "messages", "stream", "system", "metadata"];

    /// <summary>Fields about billing, place, speed and memory at the provider.</summary>
    public static IReadOnlyList<string> Dropped { get; } = ["service_tier", "inference_geo", "speed", "cache_control", "context_management", "betas"];

    private const int FirstBit = 8;

    /// <summary>Skips the field that the scan stands on; answers its name when a model of another protocol cannot be asked it.</summary>
    public static string? Untranslatable(ref BodyScan scan)
    {
        ref var json = ref scan.Json;
        for (var i = 0; i < Carried.Count; i++)
        {
            if (!json.ValueTextEquals(Carried[i]))
            {
                continue;
            }

            var isTwice = !scan.IsFirst(FirstBit + i);
            json.Read();
            var isOther = Carried[i] == "tools" && JsonWalk.HasToolBeside(ref json, "custom"u8);
            json.Skip();

            // Which of two values holds is the provider's to say; a tool that the provider itself runs is at that provider only.
            return isTwice || isOther ? Carried[i] : null;
        }

        foreach (var name in Dropped)
        {
            if (json.ValueTextEquals(name))
            {
                json.Skip();
                return null;
            }
        }

        var unknown = json.GetString()!;
        json.Read();
        var saysNothing = JsonWalk.SaysNothing(json);
        json.Skip();
        return saysNothing ? null : unknown;
    }

    /// <summary>Whether translation has a word for a field.</summary>
    public static bool IsRead(string name) => Carried.Contains(name, StringComparer.Ordinal) || Array.IndexOf(Scanned, name) >= 0;
}
