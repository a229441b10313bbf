using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Values as text, as JavaScript writes them but for groups, which are their JSON.</summary>
internal static class TemplateText
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(Of)),
        JsonValueKind.Object => Json(value),
        JsonValueKind.Null or JsonValueKind.Undefined => "",
    };

    public static string Json(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "" : JsonSerializer.Serialize(value, s_json);

    /// <summary>What a value is, in a word.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "undefined",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
    };

    public static JsonElement From(string text) => JsonSerializer.SerializeToElement(text);
}
