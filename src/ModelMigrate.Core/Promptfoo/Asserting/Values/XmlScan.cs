using System.Xml;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>Finds elements in a text that need not be XML: what is opened and closed in order.</summary>
internal static class XmlScan
{
    /// <summary>Elements that are in no other that is closed, those that stand beside each other together.</summary>
    public static IReadOnlyList<IReadOnlyList<XmlSpan>> Groups(string text)
    {
        var (root, open, left) = (new XmlSpan("", 0, []), new Stack<XmlSpan>(), new List<XmlSpan>());
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0;)
        {
            var end = at + 1 < text.Length ? Tag(text, at, open, root, left) : 0;
            at = end > at ? Next(text, end) : Next(text, at + 1);
        }

        left.AddRange(open);
        return [.. left.Prepend(root).Where(static each => each.Children.Count > 0).Select(static each => each.Children)];
    }

    private static int Next(string text, int from) => from < text.Length ? text.IndexOf('<', from) : -1;

    /// <summary>Where the tag ends, or 0 when it is none.</summary>
    private static int Tag(string text, int at, Stack<XmlSpan> open, XmlSpan root, List<XmlSpan> left)
    {
        if (text[at + 1] is '!' or '?')
        {
            return Declaration(text, at);
        }

        var isClosing = text[at + 1] == '/';
        var from = at + (isClosing ? 2 : 1);
        var named = from;
        while (named < text.Length && (named == from ? XmlConvert.IsStartNCNameChar(text[named]) || text[named] == ':' : XmlConvert.IsNCNameChar(text[named]) || text[named] == ':'))
        {
            named++;
        }

        if (named == from || Close(text, named) is not (> 0 and var end))
        {
            return 0;
        }

        var name = text[from..named];
        if (!isClosing)
        {
            var span = new XmlSpan(name, at, Attributes(text[named..(end - 1)]));
            if (text.AsSpan(at, end - 1 - at).TrimEnd() is [.., '/'])
            {
                span.End = end;
                (open.TryPeek(out var parent) ? parent : root).Children.Add(span);
            }
            else
            {
                open.Push(span);
            }
        }
        else if (open.TryPeek(out var last) && last.Name == name)
        {
            open.Pop();
            last.End = end;
            (open.TryPeek(out var parent) ? parent : root).Children.Add(last);
        }
        else
        {
            left.AddRange(open);
            open.Clear();
        }

        return end;
    }

    /// <summary>After the next <c>&gt;</c> outside of quotes; 0 for none before another tag.</summary>
    private static int Close(string text, int from)
    {
        var quote = '\0';
        for (var at = from; at < text.Length; at++)
        {
            var c = text[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '<' or '>')
            {
                return c == '>' ? at + 1 : 0;
            }
        }

        return 0;
    }

    private static int Declaration(string text, int at)
    {
        foreach (var (opens, closes) in new[] { ("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">") })
        {
            if (string.CompareOrdinal(text, at, opens, 0, opens.Length) == 0)
            {
                var end = text.IndexOf(closes, at + opens.Length, StringComparison.Ordinal);
                return end < 0 ? text.Length : end + closes.Length;
            }
        }

        return 0;
    }

    private static List<string> Attributes(string text)
    {
        var names = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var from = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('=' or '"' or '\'' or '/'))
            {
                at++;
            }

            if (at > from)
            {
                names.Add(text[from..at]);
            }
            else if (text[at] is '"' or '\'')
            {
                var end = text.IndexOf(text[at], at + 1);
                at = end < 0 ? text.Length : end + 1;
            }
            else
            {
                at++;
            }
        }

        return names;
    }
}
