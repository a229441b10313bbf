using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>
/// JSON as other tools write it. Python's bare NaN and Infinity are no JSON; they are read as null, and so as missing. Half of a character, where an answer was cut at
/// a limit of tokens, is no text; it is read as the sign for one that is unknown.
/// </summary>
internal static class LooseJson
{
    /// <summary>Of <c>\uXXXX</c>.</summary>
    private const int EscapeLength = 6;

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

    /// <summary>The text with every number that is none as null and every half character replaced; the same memory when there are none.</summary>
    public static ReadOnlyMemory<byte> Mended(ReadOnlyMemory<byte> utf8)
    {
        var text = utf8.Span;
        if (text.IndexOf("NaN"u8) < 0 && text.IndexOf("Infinity"u8) < 0 && text.IndexOf("\\ud"u8) < 0 && text.IndexOf("\\uD"u8) < 0)
        {
            return utf8;
        }

        var mended = new ArrayBufferWriter<byte>(text.Length + 64);
        var (from, isText) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (isText)
            {
                if (Surrogate(text[i..]) is var first and not '\0')
                {
                    if (char.IsHighSurrogate(first) && char.IsLowSurrogate(Surrogate(text[Math.Min(i + EscapeLength, text.Length)..])))
                    {
                        i += (2 * EscapeLength) - 1;
                        continue;
                    }

                    mended.Write(text[from..i]);
                    mended.Write("\\ufffd"u8);
                    i += EscapeLength - 1;
                    from = i + 1;
                    continue;
                }

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
        from.At(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

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
        JsonValueKind.String => value.GetString() switch
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
        : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    /// <summary>The half character that is escaped here, or none.</summary>
    private static char Surrogate(ReadOnlySpan<byte> at) =>
        at.Length >= EscapeLength && at[0] == '\\' && at[1] == 'u' && ushort.TryParse(at[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && char.IsSurrogate((char)code)
            ? (char)code
            : '\0';

    private static int NoNumber(ReadOnlySpan<byte> at) => at.StartsWith("NaN"u8) ? 3 : at.StartsWith("Infinity"u8) ? 8 : at.StartsWith("-Infinity"u8) ? 9 : 0;
}
