namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>
/// The normal form of SQuAD's official script (v1.1): lower case, without ASCII marks, a, an and the as words replaced by a space, white space
/// collapsed. In that order: "well-known" becomes "wellknown", and curly quotes stay.
/// </summary>
internal sealed class SquadTokenizer : Tokenizer
{
    public override void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens) => Split(Normal(text.ToString()), table, tokens);

    /// <summary>The 32 marks of Python's <c>string.punctuation</c>.</summary>
    public static bool IsMark(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c));

    /// <summary>The normal form; valid until the thread asks again.</summary>
    public static ReadOnlySpan<char> Normal(string text)
    {
        var (kept, normal) = (First(), Second());
        foreach (var c in PythonText.Lower(text))
        {
            if (!IsMark(c))
            {
                kept.Add(c);
            }
        }

        var span = kept.Span;
        var isApart = false;
        for (var i = 0; i < span.Length;)
        {
            var end = i;
            while (end < span.Length && PythonText.IsWord(span[end]))
            {
                end++;
            }

            var length = Math.Max(1, end - i);
            if (span.Slice(i, length) is "a" or "an" or "the" || PythonText.IsSpace(span[i]))
            {
                isApart = true;
            }
            else
            {
                if (isApart && normal.Count > 0)
                {
                    normal.Add(' ');
                }

                normal.Add(span.Slice(i, length));
                isApart = false;
            }

            i += length;
        }

        return normal.Span;
    }
}
