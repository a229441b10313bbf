using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Calculates with values by JavaScript's rules, which are those of Nunjucks: an empty list is true, 1 equals "1", a text and a number make a text.</summary>
internal static class TemplateValue
{
    /// <summary>Characters of a text, and bytes of a list as JSON; no model takes more.</summary>
    public const int Longest = 16 << 20;

    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonElement s_true = JsonSerializer.SerializeToElement(true);
    private static readonly JsonElement s_false = JsonSerializer.SerializeToElement(false);

    public static JsonElement Null { get; } = JsonSerializer.SerializeToElement<object?>(null);

    public static JsonElement Of(bool value) => value ? s_true : s_false;

    public static JsonElement Of(double value) => double.IsFinite(value) ? JsonSerializer.SerializeToElement(value) : throw new TemplateFault("the calculation gives no number");

    public static JsonElement Of(string text) => text.Length <= Longest ? TemplateText.From(text) : throw TooLong();

    /// <summary>Texts with another between them. What would be too long is not put together first.</summary>
    public static JsonElement Joined(string separator, IEnumerable<string> texts)
    {
        var to = new StringBuilder();
        foreach (var (i, text) in texts.Index())
        {
            to.Append(i > 0 ? separator : "").Append(text);
            if (to.Length > Longest)
            {
                throw TooLong();
            }
        }

        return TemplateText.From(to.ToString());
    }

    public static JsonElement List(IEnumerable<JsonElement> items) => Written(json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
    });

    public static JsonElement Group(IEnumerable<KeyValuePair<string, JsonElement>> members) => Written(json =>
    {
        json.WriteStartObject();
        foreach (var (name, value) in members.GroupBy(static member => member.Key, static (_, same) => same.Last(), StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    });

    public static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.True or JsonValueKind.Object or JsonValueKind.Array => true,
    };

    public static bool IsNothing(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>JavaScript's number of a value; not a number where it has none.</summary>
    public static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False or JsonValueKind.Null => 0,
        JsonValueKind.Undefined => double.NaN,
        JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array => TemplateText.Of(value).Trim() is var text && text.Length == 0 ? 0
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
    };

    public static bool Same(JsonElement a, JsonElement b) => a.ValueKind == b.ValueKind
        && (a.ValueKind == JsonValueKind.Number ? a.GetDouble().Equals(b.GetDouble()) : a.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(a, b));

    /// <summary>JavaScript's <c>==</c>.</summary>
    public static bool Equal(JsonElement a, JsonElement b)
    {
        var (isGroup, isOtherGroup) = (a.ValueKind is JsonValueKind.Object or JsonValueKind.Array, b.ValueKind is JsonValueKind.Object or JsonValueKind.Array);
        return IsNothing(a) || IsNothing(b) ? IsNothing(a) && IsNothing(b)
            : isGroup == isOtherGroup && (isGroup || a.ValueKind == b.ValueKind) ? Same(a, b)
            : (isGroup || a.ValueKind == JsonValueKind.String) && (isOtherGroup || b.ValueKind == JsonValueKind.String) ? TemplateText.Of(a) == TemplateText.Of(b)
            : Number(a) is var number && number == Number(b);
    }

    /// <summary>Below 0, 0 or above as with <c>&lt;</c> and <c>&gt;</c>; null when neither holds and they are not equal either.</summary>
    public static int? Compare(JsonElement a, JsonElement b)
    {
        if (a.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object && b.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object)
        {
            return string.CompareOrdinal(TemplateText.Of(a), TemplateText.Of(b));
        }

        var (first, second) = (Number(a), Number(b));
        return double.IsNaN(first) || double.IsNaN(second) ? null : first.CompareTo(second);
    }

    public static JsonElement Add(JsonElement a, JsonElement b) => a.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object || b.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object
        ? Of(Word(a) + Word(b)) : Of(Number(a) + Number(b));

    /// <summary>A value within a text that JavaScript puts together.</summary>
    public static string Word(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "undefined",
        JsonValueKind.Null => "null",
        JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object or JsonValueKind.Array => TemplateText.Of(value),
    };

    public static JsonElement Member(JsonElement value, JsonElement key)
    {
        var name = Word(key);
        var isPlace = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at);
        return value.ValueKind switch
        {
            JsonValueKind.Object => value.TryGetProperty(name, out var member) ? member : default,
            JsonValueKind.Array => name == "length" ? Of(value.GetArrayLength()) : isPlace && at < value.GetArrayLength() ? value[at] : default,
            JsonValueKind.String => value.GetString()! is var text && name == "length" ? Of(text.Length) : isPlace && at < text.Length ? Of(text[at..(at + 1)]) : default,
            JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => default,
        };
    }

    public static bool IsIn(JsonElement item, JsonElement among) => among.ValueKind switch
    {
        JsonValueKind.Array => among.EnumerateArray().Any(each => Same(each, item)),
        JsonValueKind.String => among.GetString()!.Contains(Word(item), StringComparison.Ordinal),
        JsonValueKind.Object => among.TryGetProperty(Word(item), out _),
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => throw new TemplateFault($"'in' looks into a text, a list or a group, not {TemplateText.Kind(among)}"),
    };

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var to = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(to, s_json))
        {
            write(json);
        }

        try
        {
            using var document = JsonDocument.Parse(to.WrittenMemory);
            return document.RootElement.Clone();
        }
        catch (JsonException deep)
        {
            throw new TemplateFault("lists are nested deeper than 64", deep);
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteNullValue();
        }
        else
        {
            value.WriteTo(json);
        }

        if (json.BytesCommitted + json.BytesPending > Longest)
        {
            throw TooLong();
        }
    }

    private static TemplateFault TooLong() => new($"the text is longer than {Longest >> 20} million characters");
}
