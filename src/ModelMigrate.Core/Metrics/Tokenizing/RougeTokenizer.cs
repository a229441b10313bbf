using System.Text;

namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>
/// Tokens of google-research's rouge_score: lower case, runs of a–z and 0–9, those of more than three letters stemmed when asked. Letters
/// beyond ASCII separate there; <c>unicode</c> is the same with every letter, mark and number.
/// </summary>
internal sealed class RougeTokenizer(bool stems, bool unicode) : Tokenizer
{
    public override void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens)
    {
        var lower = First();
        if (Ascii.IsValid(text))
        {
            foreach (var c in text)
            {
                lower.Add(char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c);
            }
        }
        else
        {
            lower.Add(PythonText.Lower(text.ToString()));
        }

        var span = lower.Span;
        var from = -1;
        for (var i = 0; i <= span.Length; i++)
        {
            if (i < span.Length && IsInside(span[i]))
            {
                from = from < 0 ? i : from;
            }
            else if (from >= 0)
            {
                tokens.Add(table.Number(Stemmed(span[from..i])));
                from = -1;
            }
        }
    }

    private bool IsInside(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)
        || (unicode && c > 127 && (char.IsLetterOrDigit(c) || char.IsSurrogate(c)
            || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark));

    private ReadOnlySpan<char> Stemmed(ReadOnlySpan<char> token)
    {
        if (!stems || token.Length <= 3 || !Ascii.IsValid(token))
        {
            return token;
        }

        var word = Second();
        word.Add(token);
        PorterStemmer.Stem(word);
        return word.Span;
    }
}
