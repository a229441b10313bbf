using System.Text;
using System.Text.Json;

namespace ModelMigrate.Core.Metrics.Json;

/// <summary>Reads JSON out of an answer.</summary>
public static class AnswerJson
{
    private static readonly JsonDocumentOptions s_loose = new() { MaxDepth = 64 };
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The whole text as one value (RFC 8259), or null.</summary>
    public static JsonDocument? TryParse(string text, bool allowsDuplicates = true)
    {
        try
        {
            return JsonDocument.Parse(text, allowsDuplicates ? s_loose : s_strict);
        }
        catch (Exception wrong) when (wrong is JsonException or EncoderFallbackException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The whole text; else what stands in its first code fence that parses; else its first balanced object or array that does. Null when there is none.</summary>
    public static JsonDocument? TryExtract(string text)
    {
        if (TryParse(text) is { } whole)
        {
            return whole;
        }

        for (var fence = text.IndexOf("```", StringComparison.Ordinal); fence >= 0;)
        {
            var line = text.IndexOf('\n', fence);
            var end = line < 0 ? -1 : text.IndexOf("```", line, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            if (TryParse(text[(line + 1)..end]) is { } fenced)
            {
                return fenced;
            }

            fence = text.IndexOf("```", end + 3, StringComparison.Ordinal);
        }

        for (var at = text.AsSpan().IndexOfAny('{', '['); at >= 0;)
        {
            var end = Balanced(text, at);
            if (end > at && TryParse(text[at..end]) is { } found)
            {
                return found;
            }

            var next = text.AsSpan(at + 1).IndexOfAny('{', '[');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return null;
    }

    /// <summary>Where the value that begins at <paramref name="from"/> is closed again, or −1. Brackets inside strings do not count.</summary>
    public static int Balanced(string text, int from)
    {
        var (depth, inString) = (0, false);
        for (var i = from; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when inString:
                    i++;
                    break;
                case '"':
                    inString = !inString;
                    break;
                case '{' or '[' when !inString:
                    depth++;
                    break;
                case '}' or ']' when !inString && --depth == 0:
                    return i + 1;
            }
        }

        return -1;
    }
}
