using System.Globalization;
using System.Text;

namespace ModelMigrate.Core.Promptfoo.Templates;

/// <summary>Cuts what stands within braces into names, constants and signs, as Nunjucks does.</summary>
internal static class TemplateTokens
{
    private static readonly string[] s_signs = ["===", "!==", "==", "!=", "<=", ">=", "//", "**", "<", ">", "=", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "%", "~", "|", ",", ".", ":"];

    /// <summary>The signs from a place on to <paramref name="closing"/>, which is the last of them.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Behind the opening braces.</param>
    /// <param name="closing"><c>}}</c> or <c>%}</c>.</param>
    /// <exception cref="TemplateFault">It is not closed, or a sign is none.</exception>
    public static List<TemplateToken> Read(string text, int from, string closing)
    {
        var tokens = new List<TemplateToken>();
        for (var at = from; ; at = tokens[^1].At + Length(text, tokens[^1]))
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at >= text.Length)
            {
                throw new TemplateFault($"it is not closed by '{closing}'");
            }

            var place = at;
            var rest = text.AsSpan(at);
            if (rest.StartsWith(closing) || (rest[0] == '-' && rest[1..].StartsWith(closing)))
            {
                tokens.Add(new TemplateToken(TemplateTokenKind.End, rest[0] == '-' ? $"-{closing}" : closing, at));
                return tokens;
            }

            tokens.Add(rest[0] is '"' or '\'' ? Quoted(text, at) : char.IsAsciiDigit(rest[0]) ? Number(text, at) : char.IsLetter(rest[0]) || rest[0] is '_' or '$' ? Name(text, at)
                : Array.Find(s_signs, sign => string.CompareOrdinal(text, place, sign, 0, sign.Length) == 0) is { } sign ? new TemplateToken(TemplateTokenKind.Sign, sign, at)
                : throw new TemplateFault($"'{rest[0]}' has no meaning there"));
        }
    }

    private static int Length(string text, TemplateToken token) => token.Kind == TemplateTokenKind.Constant && text[token.At] is '"' or '\'' ? End(text, token.At) - token.At : token.Text.Length;

    private static TemplateToken Name(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$'))
        {
            end++;
        }

        return new TemplateToken(TemplateTokenKind.Name, text[at..end], at);
    }

    private static TemplateToken Number(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
        {
            end++;
        }

        return double.TryParse(text.AsSpan(at, end - at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new TemplateToken(TemplateTokenKind.Constant, text[at..end], at, TemplateValue.Of(number)) : throw new TemplateFault($"'{text[at..end]}' is no number");
    }

    private static TemplateToken Quoted(string text, int at)
    {
        var (to, end) = (new StringBuilder(), End(text, at));
        for (var i = at + 1; i < end - 1; i++)
        {
            to.Append(text[i] != '\\' ? text[i] : text[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }

        return new TemplateToken(TemplateTokenKind.Constant, text[at..end], at, TemplateValue.Of(to.ToString()));
    }

    /// <summary>Behind the closing quotation mark.</summary>
    private static int End(string text, int at)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == text[at])
            {
                return i + 1;
            }
        }

        throw new TemplateFault("a quotation mark is not closed");
    }
}
