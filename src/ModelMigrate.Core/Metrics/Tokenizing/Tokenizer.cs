namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>Cuts a text into tokens. Asked by any number of threads: what it writes on belongs to the thread.</summary>
internal abstract class Tokenizer
{
    [ThreadStatic]
    private static CharList? t_first;

    [ThreadStatic]
    private static CharList? t_second;

    /// <summary>Adds the numbers of the text's tokens.</summary>
    public abstract void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens);

    /// <summary>The tokens themselves, for tests and for what needs their letters.</summary>
    public List<string> Tokens(string text)
    {
        var (table, numbers, seen, tokens) = (new TokenTable(), new NumberList(), new List<string>(), new List<string>());
        Read(text, table, numbers);
        foreach (var number in numbers.Span)
        {
            while (seen.Count <= number)
            {
                seen.Add(table.Token(seen.Count).ToString());
            }

            tokens.Add(seen[number]);
        }

        return tokens;
    }

    protected static CharList First() => Emptied(t_first ??= new CharList());

    protected static CharList Second() => Emptied(t_second ??= new CharList());

    /// <summary>Adds what stands between white space.</summary>
    protected static void Split(ReadOnlySpan<char> text, TokenTable table, NumberList tokens)
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
                tokens.Add(table.Number(text[from..i]));
                from = -1;
            }
        }
    }

    private static CharList Emptied(CharList list)
    {
        list.Clear();
        return list;
    }
}
