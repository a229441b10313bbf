using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Parts;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>Reads values of a request body, and keeps the first thing that is wrong with them.</summary>
internal sealed class FieldReader(ReadOnlyMemory<byte> body)
{
    /// <summary>Bytes from which a text stays where it stands: well below the 42,500 characters of which a string is a large object.</summary>
    private const int LongText = 32 * 1024;

    public ChatError? Error { get; private set; }

    /// <summary>Reads a body, already scanned, into the neutral language; false with the first thing that is wrong with it.</summary>
    public static bool TryTranslate(
        ReadOnlyMemory<byte> body, Func<FieldReader, JsonElement, ChatRequest> read, [NotNullWhen(true)] out ChatRequest? translated, out ChatError? error)
    {
        var fields = new FieldReader(body);
        using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = BodyProblems.MaxDepth });
        translated = null;
        try
        {
            translated = read(fields, json.RootElement);
        }
        catch (InvalidOperationException)
        {
            fields.Fail("messages", "holds half of a surrogate pair, which is no text");
        }

        error = fields.Error;
        return error is null && translated is not null;
    }

    public void Fail(string field, string what) =>
        Error ??= new ChatError(ChatErrorKind.Request, $"'{field}' {what}.") { Status = 400, Code = "invalid_value", Field = field };

    /// <summary>A member that is there and not null.</summary>
    public static bool Has(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    public int? Count(JsonElement parent, string name, string field, int least = 1)
    {
        if (!Has(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= least)
        {
            return count;
        }

        Fail(field, least == 1 ? "must be a whole number above 0" : $"must be a whole number from {least}");
        return null;
    }

    public double? Number(JsonElement parent, string name, double from, double to)
    {
        if (!Has(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= from && number <= to)
        {
            return number;
        }

        Fail(name, $"must be a number from {from} to {to}");
        return null;
    }

    public bool? Flag(JsonElement parent, string name, string field)
    {
        if (!Has(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fail(field, "must be true or false");
        return null;
    }

    public string? Text(JsonElement parent, string name, string field)
    {
        if (!Has(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Fail(field, "must be a string");
        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string Required(JsonElement parent, string name, string field)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        Fail(field, "must be a string");
        return "";
    }

    /// <summary>What somebody says, which must be there.</summary>
    public TextPart RequiredWords(JsonElement parent, string name, string field)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return Words(value);
        }

        Fail(field, "must be a string");
        return new TextPart("");
    }

    /// <summary>A string as what somebody says.</summary>
    public TextPart Words(JsonElement text) => JsonMarshal.GetRawUtf8Value(text).Length > LongText ? new TextPart(Long(text)) : new TextPart(text.GetString()!);

    /// <summary>A text that must be there and may be long.</summary>
    public JsonText RequiredLong(JsonElement parent, string name, string field)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return Long(value);
        }

        Fail(field, "must be a string");
        return JsonText.Of("");
    }

    /// <summary>A string as it stands in the body. Half of a surrogate pair throws, as it does where a string is made of it.</summary>
    public JsonText Long(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        if (raw.Contains((byte)'\\'))
        {
            Unescape(raw);
        }

        return body.Span.Overlaps(raw, out var at) ? new JsonText(body.Slice(at + 1, raw.Length - 2)) : throw new InvalidOperationException("The document is not of this body.");
    }

    private static void Unescape(ReadOnlySpan<byte> quoted)
    {
        var text = ArrayPool<byte>.Shared.Rent(quoted.Length);
        try
        {
            var json = new Utf8JsonReader(quoted);
            json.Read();
            json.CopyString(text);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <summary>A JSON object's text as it stands, or null when there is none.</summary>
    public string? Object(JsonElement parent, string name, string field)
    {
        if (!Has(parent, name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return value.GetRawText();
        }

        Fail(field, "must be an object");
        return null;
    }

    /// <summary>The items of an array that may be missing.</summary>
    public IEnumerable<JsonElement> Items(JsonElement parent, string name, string field)
    {
        if (!Has(parent, name, out var value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
        {
            return value.EnumerateArray();
        }

        Fail(field, "must be an array of objects");
        return [];
    }

    /// <summary>The texts of an array of strings that may be missing, or of one string where <paramref name="orOne"/> allows it.</summary>
    public List<string> Texts(JsonElement parent, string name, bool orOne)
    {
        if (!Has(parent, name, out var value))
        {
            return [];
        }

        if (orOne && value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(text => text.GetString()!)];
        }

        Fail(name, orOne ? "must be a string or an array of strings" : "must be an array of strings");
        return [];
    }
}
