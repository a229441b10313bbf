using System.Text;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scripts;

/// <summary>Cuts an expression into its words.</summary>
internal static class ScriptTokens
{
    private static readonly string[] s_signs = ["===", "!==", "==", "!=", "<=", ">=", "&&", "||", "??", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ".", ",", "?", ":"];

    public static List<ScriptToken>? Cut(string text, out string wrong)
    {
        wrong = "";
        var tokens = new List<ScriptToken>();
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (char.IsLetter(c) || c is '_' or '$')
            {
                var from = at;
                while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
                {
                    at++;
                }

                tokens.Add(new ScriptToken('i', text[from..at], ""));
            }
            else if (char.IsAsciiDigit(c))
            {
                var from = at;
                while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
                {
                    at++;
                }

                tokens.Add(new ScriptToken('n', text[from..at], ""));
            }
            else if (c is '\'' or '"' || (c == '/' && IsRegex(tokens)))
            {
                if (Quoted(text, ref at) is not { } inner)
                {
                    wrong = $"'{c}' is not closed";
                    return null;
                }

                var from = at;
                while (c == '/' && at < text.Length && char.IsAsciiLetter(text[at]))
                {
                    at++;
                }

                tokens.Add(new ScriptToken(c == '/' ? 'r' : 's', inner, text[from..at]));
            }
            else if (Array.Find(s_signs, sign => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0) is { } sign
                && !(sign is "=" or "<" && at + 1 < text.Length && text[at + 1] == '<'))
            {
                tokens.Add(new ScriptToken('o', sign, ""));
                at += sign.Length;
            }
            else
            {
                wrong = $"'{c}' at character {at + 1} is no part of a pure comparison";
                return null;
            }
        }

        tokens.Add(new ScriptToken('e', "the end", ""));
        return tokens;
    }

    /// <summary>A slash divides after a value, and begins a pattern elsewhere.</summary>
    private static bool IsRegex(List<ScriptToken> before) => before.Count == 0 || (before[^1].Kind == 'o' && before[^1].Text is not (")" or "]"));

    private static string? Quoted(string text, ref int at)
    {
        var (quote, inner) = (text[at], new StringBuilder());
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                inner.Append(text[at]);
                continue;
            }

            at++;
            inner.Append(quote == '/' ? $"\\{text[at]}" : text[at] switch { 'n' => "\n", 't' => "\t", 'r' => "\r", var other => other.ToString() });
        }

        return at++ < text.Length ? inner.ToString() : null;
    }
}
