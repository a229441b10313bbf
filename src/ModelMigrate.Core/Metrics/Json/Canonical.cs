using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas.Values;

namespace ModelMigrate.Core.Metrics.Json;

/// <summary>A JSON value as one text that equal values share: members by name, numbers by value, no white space.</summary>
internal static class Canonical
{
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    /// <summary>Every leaf as its path and value; places in an array are not told apart.</summary>
    public static IEnumerable<string> Leaves(JsonElement value, string path = "") => value.ValueKind switch
    {
        JsonValueKind.Object when value.EnumerateObject().Any() =>
            Members(value).SelectMany(member => Leaves(member.Value, $"{path}/{JsonPointer.Escape(member.Key)}")),
        JsonValueKind.Array when value.GetArrayLength() > 0 => value.EnumerateArray().SelectMany(item => Leaves(item, $"{path}/*")),
        _ => [$"{path} {Of(value)}"],
    };

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var (name, member) in Members(value))
                {
                    text.Append(JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append(':');
                    Write(member, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.Number:
                text.Append(JsonNumber.Of(value));
                break;
            case JsonValueKind.String:
                text.Append('"').Append(JsonEncodedText.Encode(value.GetString()!, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');
                break;
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined:
                text.Append(value.ValueKind);
                break;
        }
    }

    /// <summary>Of a name that stands twice, the last holds.</summary>
    private static SortedDictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }
}
