using System.Globalization;
using System.Text;

namespace ModelMigrate.Core.Configuration.Yaml;

/// <summary>Says whether bytes or a text can be a configuration file at all, before any YAML is read.</summary>
internal static class YamlText
{
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file without its byte order mark, or why it has none.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, out YamlFault? fault)
    {
        fault = null;
        if (bytes.Length > MaxBytes)
        {
            fault = TooLarge();
            return null;
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            fault = new(YamlPlace.Start, "file-encoding", "The file is written in UTF-16.", "Save it as UTF-8.");
            return null;
        }

        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(bytes[..Math.Clamp(e.Index, 0, bytes.Length)]);
            fault = new(PlaceOf(before, before.Length), "file-encoding", "The bytes here are not UTF-8.", "Save the file as UTF-8.");
            return null;
        }
    }

    /// <summary>The same text without a byte order mark, or every reason that keeps it from being read.</summary>
    public static string Normalize(string text, List<YamlFault> faults)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            faults.Add(TooLarge());
            return text;
        }

        for (var i = 0; i < text.Length; i++)
        {
            // The parser stops silently at a NUL and takes the others for line ends that no editor shows.
            var c = text[i];
            if ((char.IsControl(c) && c is not ('\n' or '\t') && !(c == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))
                || c is '\u2028' or '\u2029' or '\uFEFF' || !IsWhole(text, i))
            {
                faults.Add(new(
                    PlaceOf(text, i), "file-character",
                    string.Create(CultureInfo.InvariantCulture, $"The character U+{(int)c:X4} may not stand here."),
                    "Remove it; lines end with a line feed."));
                break;
            }
        }

        return text;
    }

    public static YamlPlace PlaceOf(string text, int index)
    {
        var line = text.AsSpan(0, index).Count('\n') + 1;
        return new(line, index - text.AsSpan(0, index).LastIndexOf('\n'), index);
    }

    private static bool IsWhole(string text, int i) =>
        !char.IsSurrogate(text[i])
        || (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        || (char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]));

    private static YamlFault TooLarge() => new(
        YamlPlace.Start, "file-too-large", "The file is larger than 1 MiB.", "A configuration is a few kilobytes; name the right file.");
}
