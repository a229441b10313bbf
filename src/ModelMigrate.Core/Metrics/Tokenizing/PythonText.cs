using System.Text;

namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Text as Python's <c>str</c> sees it, for the definitions of metrics are Python programs.</summary>
internal static class PythonText
{
    /// <summary>As <c>str.lower()</c>: İ becomes i and a dot above, Σ at a word's end ς; .NET's invariant rule has neither.</summary>
    public static string Lower(string text)
    {
        if (text.AsSpan().IndexOfAny('\u0130', '\u03A3') < 0)
        {
            return text.ToLowerInvariant();
        }

        var lower = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\u0130':
                    lower.Append("i\u0307");
                    break;
                case '\u03A3':
                    lower.Append(IsFinal(text, i) ? '\u03C2' : '\u03C3');
                    break;
                default:
                    // One code point at a time: half of a surrogate pair has no lower case.
                    var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
                    lower.Append(text.Substring(i, length).ToLowerInvariant());
                    i += length - 1;
                    break;
            }
        }

        return lower.ToString();
    }

    /// <summary>As <c>str.isspace()</c>: Unicode's white space and the four separators of ASCII.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>As <c>str.strip()</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        var (from, to) = (0, text.Length);
        while (from < to && IsSpace(text[from]))
        {
            from++;
        }

        while (to > from && IsSpace(text[to - 1]))
        {
            to--;
        }

        return text[from..to];
    }

    /// <summary>As <c>\w</c>, of which the underscore is the only one that is neither letter nor number.</summary>
    public static bool IsWord(char c) => char.IsLetter(c) || char.IsNumber(c) || c == '_' || char.IsSurrogate(c);

    /// <summary>Number of words, as <c>len(text.split())</c>.</summary>
    public static int Words(string text)
    {
        var (words, inside) = (0, false);
        foreach (var c in text)
        {
            var isSpace = IsSpace(c);
            words += !isSpace && !inside ? 1 : 0;
            inside = !isSpace;
        }

        return words;
    }

    private static bool IsFinal(string text, int i) => i > 0 && char.IsLetter(text[i - 1]) && (i + 1 == text.Length || !char.IsLetter(text[i + 1]));
}
