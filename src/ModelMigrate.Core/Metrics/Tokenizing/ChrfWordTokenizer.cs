namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Words of chrF++: what stands between white space, one ASCII mark cut off at its end, else at its beginning.</summary>
internal sealed class ChrfWordTokenizer : Tokenizer
{
    public override void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens)
    {
        var from = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !PythonText.IsSpace(text[i]))
            {
                from = from < 0 ? i : from;
            }
            else if (from >= 0)
            {
                Word(text[from..i], table, tokens);
                from = -1;
            }
        }
    }

    private static void Word(ReadOnlySpan<char> word, TokenTable table, NumberList tokens)
    {
        var isOne = word.Length == 1 || (word.Length == 2 && char.IsHighSurrogate(word[0]));
        var cut = isOne ? word.Length : SquadTokenizer.IsMark(word[^1]) ? word.Length - 1 : SquadTokenizer.IsMark(word[0]) ? 1 : word.Length;
        tokens.Add(table.Number(word[..cut]));
        if (cut < word.Length)
        {
            tokens.Add(table.Number(word[cut..]));
        }
    }
}
