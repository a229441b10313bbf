namespace ModelMigrate.Core.Routing;

/// <summary>Recognises English month and weekday names, whole or in their three-letter form.</summary>
internal static class DateWords
{
    private static readonly string[] s_names =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ];

    /// <summary>The length of the date word that <paramref name="text"/> begins with, or 0.</summary>
    public static int MatchLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && StickyKey.IsLetterOrDigit(text[length]))
        {
            length++;
        }

        if (length is < 3 or > 9)
        {
            return 0;
        }

        foreach (var name in s_names)
        {
            if ((length == 3 || length == name.Length) && Matches(text[..length], name))
            {
                return length;
            }
        }

        return 0;
    }

    private static bool Matches(ReadOnlySpan<byte> word, string name)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if ((word[i] | 0x20) != name[i])
            {
                return false;
            }
        }

        return true;
    }
}
