namespace ModelMigrate.Core.Metrics.Tokenizing;

/// <summary>
/// <c>13a</c>, the tokens of mteval-v13a as sacrebleu has them: marks are cut off, but for apostrophes, hyphens between letters, and full
/// stops and commas between digits. Its four rules run one after the other, each from left to right over what the one before wrote.
/// </summary>
internal sealed class MtevalTokenizer : Tokenizer
{
    public override void Read(ReadOnlySpan<char> text, TokenTable table, NumberList tokens)
    {
        var (from, to) = (First(), Second());
        Unescape(text, from);
        // Marks; the range that begins with the space holds the space itself.
        foreach (var c in from.Span)
        {
            if (c is (>= '{' and <= '~') or (>= '[' and <= '`') or (>= ' ' and <= '&') or (>= '(' and <= '+') or (>= ':' and <= '@') or '/')
            {
                to.Add(' ');
                to.Add(c);
                to.Add(' ');
            }
            else
            {
                to.Add(c);
            }
        }

        Swap(ref from, ref to);
        Pairs(from.Span, to, static (a, b) => b is '.' or ',' && !char.IsAsciiDigit(a), isBefore: false);
        Swap(ref from, ref to);
        Pairs(from.Span, to, static (a, b) => a is '.' or ',' && !char.IsAsciiDigit(b), isBefore: true);
        Swap(ref from, ref to);
        Pairs(from.Span, to, static (a, b) => char.IsAsciiDigit(a) && b == '-', isBefore: false);
        Split(to.Span, table, tokens);
    }

    /// <summary>Writes each pair that the rule takes with a space between: "x y " for the first kind of rule, " x y" for the other.</summary>
    private static void Pairs(ReadOnlySpan<char> from, CharList to, Func<char, char, bool> takes, bool isBefore)
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (i + 1 >= from.Length || !takes(from[i], from[i + 1]))
            {
                to.Add(from[i]);
                continue;
            }

            if (isBefore)
            {
                to.Add(' ');
            }

            to.Add(from[i]);
            to.Add(' ');
            to.Add(from[++i]);
            if (!isBefore)
            {
                to.Add(' ');
            }
        }
    }

    private static void Unescape(ReadOnlySpan<char> text, CharList to)
    {
        text = text.TrimEnd();
        if (text.IndexOfAny('<', '\n', '&') >= 0)
        {
            var plain = text.ToString().Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ')
                .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
            text = plain;
        }

        to.Add(' ');
        to.Add(text);
        to.Add(' ');
    }

    private static void Swap(ref CharList from, ref CharList to)
    {
        (from, to) = (to, from);
        to.Clear();
    }
}
