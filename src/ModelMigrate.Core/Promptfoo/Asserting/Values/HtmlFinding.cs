using System.Text.RegularExpressions;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>Whether an answer is HTML, or has some in it, by promptfoo's rules: what a browser would make of it, and how many signs of it there are.</summary>
internal static partial class HtmlFinding
{
    private const int Longest = 10 << 20;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Limit = 2000;

    public static Finding Whole(AssertionInput input)
    {
        var text = input.Output.Trim();
        var wrong = text.Length == 0 ? "it is empty" : text.Length > Longest ? "it is longer than 10 MB"
            : text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? "it is XML" : HtmlOutline.Wrong(text);
        return Finding.Of(wrong is null, $"be HTML{(wrong is null ? "" : $"; {wrong}")}");
    }

    /// <summary>Two signs are enough: tags that open and close and known names count two, the rest one.</summary>
    public static Finding Within(AssertionInput input)
    {
        var text = input.Output;
        var signs = text.Length > Longest ? 0 : Sign(Opens(), text) + Sign(Closes(), text) + Sign(SelfCloses(), text) + Sign(Entity(), text) + (2 * Sign(Doctype(), text)) + Sign(Comment(), text) + Sign(Attribute(), text) + (2 * Sign(KnownName(), text));
        return Finding.Of(signs >= 2, "contain HTML");
    }

    private static int Sign(Regex sign, string text) => sign.IsMatch(text) ? 1 : 0;

    [GeneratedRegex(@"<[A-Za-z][A-Za-z0-9-]*(\s[^>]*)?>", Options, Limit)]
    private static partial Regex Opens();

    [GeneratedRegex(@"</[A-Za-z][A-Za-z0-9-]*\s*>", Options, Limit)]
    private static partial Regex Closes();

    [GeneratedRegex(@"<[A-Za-z][A-Za-z0-9-]*(\s[^>]*)?/>", Options, Limit)]
    private static partial Regex SelfCloses();

    [GeneratedRegex("&([A-Za-z]+|#[0-9]+|#x[0-9A-Fa-f]+);", Options, Limit)]
    private static partial Regex Entity();

    [GeneratedRegex(@"<!DOCTYPE\s+html", Options | RegexOptions.IgnoreCase, Limit)]
    private static partial Regex Doctype();

    [GeneratedRegex("<!--[^-]*(-[^-]+)*-->", Options, Limit)]
    private static partial Regex Comment();

    [GeneratedRegex("""\s[A-Za-z-]+=\s*["'][^"']*["']""", Options, Limit)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"<(a|body|br|button|div|form|h[1-6]|head|hr|html|img|input|li|link|meta|ol|p|script|span|style|table|td|th|tr|ul)\b", Options | RegexOptions.IgnoreCase, Limit)]
    private static partial Regex KnownName();
}
