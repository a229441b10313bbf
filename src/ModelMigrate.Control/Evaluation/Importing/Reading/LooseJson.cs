using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>JSON as other tools write it. Python's bare NaN and Infinity are no JSON; they are read as null, and so as missing.</summary>
internal static class LooseJson
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256 };

    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonDocument? document, out string wrong)
    {
        (document, wrong) = (null, "");
        try
        {
            document = JsonDocument.Parse(Mended(utf8), s_options);
            return true;
        }
        catch (JsonException broken)
        {
            wrong = $"{broken.Message.Split(" LineNumber:")[0].TrimEnd('.')} (line {(broken.LineNumber ?? 0) + 1}).";
            return false;
        }
    }

    /// <summary>The text with every number that is none as null; the same memory when there is none.</summary>
    public static ReadOnlyMemory<byte> Mended(ReadOnlyMemory<byte> utf8)
    {
        var text = utf8.Span;
        if (text.IndexOf("NaN"u8) < 0 && text.IndexOf("Infinity"u8) < 0)
        {
            return utf8;
        }

        var mended = new ArrayBufferWriter<byte>(text.Length + 64);
        var (from, isText) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (isText)
            {
                // What is escaped cannot end a text.
                (i, isText) = text[i] switch { (byte)'\\' => (i + 1, true), (byte)'"' => (i, false), _ => (i, true) };
                continue;
            }

            isText = text[i] == '"';
            if (NoNumber(text[i..]) is var length and > 0)
            {
                mended.Write(text[from..i]);
                mended.Write("null"u8);
                i += length - 1;
                from = i + 1;
            }
        }

        mended.Write(text[from..]);
        return mended.WrittenMemory;
    }

    /// <summary>The text at a path of names; null where there is none.</summary>
    public static string? Text(this JsonElement from, params ReadOnlySpan<string> path) =>
        from.At(path) is { ValueKind: JsonValueKind.String } found ? found.Words() : null;

    /// <summary>A text; one that was cut within a character, as answers at a token limit are, as it stands in the file.</summary>
    public static string Words(this JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }

    public static JsonElement? At(this JsonElement from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return null;
            }
        }

        return from;
    }

    /// <summary>The members of an object; none of anything else.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement? from) => from is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    public static IEnumerable<JsonElement> Items(this JsonElement? from) => from is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>A number that is one; of yes and no 1 and 0. Null for everything else, "N/A" among it: what has no number is missing.</summary>
    public static double? Score(this JsonElement? from) => from is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble() is var number && double.IsFinite(number) ? number : null,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.Words() switch
        {
            // As Python writes what its JSON does not know.
            "True" => 1,
            "False" => 0,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        },
        JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null => null,
    };

    /// <summary>A text as it is, anything else as its JSON; null for null.</summary>
    public static string? Shown(this JsonElement? from) => from is not { } value || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null
        : value.ValueKind == JsonValueKind.String ? value.Words() : value.GetRawText();

    private static int NoNumber(ReadOnlySpan<byte> at) => at.StartsWith("NaN"u8) ? 3 : at.StartsWith("Infinity"u8) ? 8 : at.StartsWith("-Infinity"u8) ? 9 : 0;
}
