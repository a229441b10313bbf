using System.Text;
using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Checks.Schemas.Values;

/// <summary>
/// A regular expression of ECMA-262, as JSON Schema asks for, in .NET's terms: <c>\d</c>, <c>\w</c> are ASCII, <c>$</c> is the very end, <c>\p{Letter}</c> is
/// <c>\p{L}</c>. Matched in linear time where .NET can, else within <see cref="Limit"/>.
/// </summary>
internal sealed class EcmaPattern
{
    /// <summary>The longest that one match may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private const RegexOptions Options = RegexOptions.CultureInvariant;

    // Long names of general categories (Unicode, PropertyValueAliases); .NET knows the short ones.
    private static readonly Dictionary<string, string> s_categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Lowercase_Letter"] = "Ll", ["Uppercase_Letter"] = "Lu", ["Titlecase_Letter"] = "Lt", ["Modifier_Letter"] = "Lm", ["Other_Letter"] = "Lo",
        ["Mark"] = "M", ["Number"] = "N", ["Decimal_Number"] = "Nd", ["digit"] = "Nd", ["Letter_Number"] = "Nl", ["Other_Number"] = "No",
        ["Punctuation"] = "P", ["punct"] = "P", ["Symbol"] = "S", ["Separator"] = "Z", ["Space_Separator"] = "Zs", ["Other"] = "C", ["Control"] = "Cc",
    };

    private readonly Regex _regex;

    private EcmaPattern(Regex regex) => _regex = regex;

    /// <summary>The pattern, or null and why it cannot be used.</summary>
    public static EcmaPattern? TryCompile(string pattern, out string wrong)
    {
        wrong = "";
        if (Translate(pattern, out wrong) is not { } translated)
        {
            return null;
        }

        try
        {
            return new EcmaPattern(Build(translated));
        }
        catch (ArgumentException broken)
        {
            wrong = broken.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>Whether it occurs in a text; null when that takes too long.</summary>
    public bool? Matches(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static Regex Build(string pattern)
    {
        try
        {
            return new Regex(pattern, Options | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            // It looks around or back.
            return new Regex(pattern, Options, Limit);
        }
    }

    private static string? Translate(string pattern, out string wrong)
    {
        wrong = "";
        var to = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i++;
                if (Escape(pattern, ref i, inClass) is not { } escaped)
                {
                    wrong = $"'\\{pattern[i]}' is not supported";
                    return null;
                }

                to.Append(escaped);
                continue;
            }

            if (inClass)
            {
                inClass = c != ']';
                // .NET would subtract a class.
                to.Append(c == '[' ? "\\[" : c);
                continue;
            }

            inClass = c == '[';
            to.Append(c == '$' ? "\\z" : c == '.' ? "[^\\n\\r\\u2028\\u2029]" : c);
        }

        return to.ToString();
    }

    private static string? Escape(string pattern, ref int i, bool inClass)
    {
        switch (pattern[i])
        {
            case 'd':
                return inClass ? "0-9" : "[0-9]";
            case 'D':
                return inClass ? "\\x00-/:-\\uFFFF" : "[^0-9]";
            case 'w':
                return inClass ? "A-Za-z0-9_" : "[A-Za-z0-9_]";
            case 'W':
                return inClass ? "\\x00-/:-@\\[-^`{-\\uFFFF" : "[^A-Za-z0-9_]";
            case 's':
                return inClass ? "\\s\\uFEFF" : "[\\s\\uFEFF]";
            case 'S':
                return inClass ? null : "[^\\s\\uFEFF]";
            case 'p' or 'P':
                return Category(pattern, ref i);
            case 'A' or 'Z' or 'z' or 'G':
                // Anchors of .NET, plain letters elsewhere.
                return pattern[i].ToString();
            case 'u' when i + 1 < pattern.Length && pattern[i + 1] == '{':
                return CodePoint(pattern, ref i);
            default:
                return $"\\{pattern[i]}";
        }
    }

    private static string? Category(string pattern, ref int i)
    {
        var end = pattern.IndexOf('}', i);
        if (i + 1 >= pattern.Length || pattern[i + 1] != '{' || end < 0)
        {
            return null;
        }

        var name = pattern[(i + 2)..end];
        name = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var letter = pattern[i];
        i = end;
        return $"\\{letter}{{{s_categories.GetValueOrDefault(name, name)}}}";
    }

    private static string? CodePoint(string pattern, ref int i)
    {
        var end = pattern.IndexOf('}', i);
        if (end < 0 || !int.TryParse(pattern.AsSpan(i + 2, end - i - 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
        {
            return null;
        }

        i = end;
        return string.Concat(new Rune(code).ToString().Select(c => $"\\u{(int)c:X4}"));
    }
}
