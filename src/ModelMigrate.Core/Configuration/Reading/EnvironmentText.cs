using System.Text;

namespace ModelMigrate.Core.Configuration.Reading;

/// <summary>Puts environment variables in for <c>${NAME}</c>.</summary>
internal static class EnvironmentText
{
    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.IndexOfAnyExcept(s_nameCharacters) < 0;

    /// <summary>Whether the text is one reference and nothing else.</summary>
    public static bool IsReference(string text) => text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}') && IsName(text.AsSpan(2, text.Length - 3));

    /// <summary>
    /// The text with its references replaced, or null and in <paramref name="missing"/> the variables that are not set,
    /// or in <paramref name="malformed"/> the first thing that looks like a reference and is none.
    /// </summary>
    public static string? Expand(string text, Func<string, string?> environment, List<string> missing, out string? malformed)
    {
        malformed = null;
        var result = new StringBuilder();
        var at = 0;
        while (true)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            if (open < 0)
            {
                return missing.Count > 0 ? null : result.Append(text, at, text.Length - at).ToString();
            }

            var close = text.IndexOf('}', open);
            if (close < 0 || !IsName(text.AsSpan(open + 2, close - open - 2)))
            {
                malformed = close < 0 ? text[open..] : text[open..(close + 1)];
                return null;
            }

            var name = text[(open + 2)..close];
            var value = environment(name);
            if (string.IsNullOrEmpty(value))
            {
                missing.Add(name);
            }

            result.Append(text, at, open - at).Append(value);
            at = close + 1;
        }
    }

    private static readonly System.Buffers.SearchValues<char> s_nameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
