using System.Net;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>
/// What a browser would put where, as far as promptfoo asks: whether text stands in no element of the answer's own, and whether it has an element at all. Owned by one
/// reading. What misplaced tags become follows the parsing rules of the HTML standard for tables, paragraphs, items and formatting, and no further.
/// </summary>
internal sealed class HtmlOutline
{
    private static readonly HashSet<string> s_known = Names(
        "html head title base link meta style body article section nav aside h1 h2 h3 h4 h5 h6 header footer address p hr pre blockquote ol ul li dl dt dd figure figcaption main div a em strong small s cite q dfn "
        + "abbr ruby rt rp data time code var samp kbd sub sup i b u mark bdi bdo span br wbr img iframe embed object param picture source video audio track map area svg math script noscript canvas ins del table "
        + "caption colgroup col tbody thead tfoot tr td th form label input button select datalist optgroup option textarea output progress meter fieldset legend details summary dialog menu slot template");

    private static readonly HashSet<string> s_void = Names("area base br col embed hr img input link meta param source track wbr");
    private static readonly HashSet<string> s_raw = Names("script style textarea title xmp iframe noembed noframes noscript");
    private static readonly HashSet<string> s_inTable = Names("caption col colgroup tbody td tfoot th thead tr");
    private static readonly HashSet<string> s_fosters = Names("table tbody tfoot thead tr colgroup");
    private static readonly HashSet<string> s_formatting = Names("a b big code em font i nobr s small strike strong tt u");
    private static readonly HashSet<string> s_endsParagraph = Names(
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt main menu nav ol p pre search section summary ul");

    private static readonly HashSet<string> s_head = Names("base link meta noscript script style template title");
    private static readonly HashSet<string> s_special = [.. s_endsParagraph, .. s_inTable, "table", "button", "template", "object", "select"];

    private readonly List<string> _open = [];
    private bool _hasElement;
    private bool _hasBody;
    private bool _isInBody;
    private bool _hasDoctype;
    private bool _hasLooseText;

    /// <summary>Why a text is no HTML, or null.</summary>
    public static string? Wrong(string text)
    {
        var outline = new HtmlOutline();
        outline.Read(text);
        return outline is { _hasLooseText: true, _hasBody: false } ? "text stands outside of its tags" : outline._hasElement ? null : "it has no element of HTML";
    }

    private void Read(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = at + 1 < text.Length && text[at] == '<' ? text[at + 1] : ' ';
            if (next is '!' or '?')
            {
                _hasDoctype |= string.Compare(text, at, "<!doctype", 0, 9, StringComparison.OrdinalIgnoreCase) == 0;
                at = text.AsSpan(at).StartsWith("<!--") ? After(text, "-->", at + 2) : After(text, ">", at);
            }
            else if (next == '/' && at + 2 < text.Length && char.IsAsciiLetter(text[at + 2]))
            {
                Closes(Name(text, at + 2));
                at = After(text, ">", at);
            }
            else if (char.IsAsciiLetter(next))
            {
                at = Opens(text, at);
            }
            else
            {
                var end = text.IndexOf('<', at + 1);
                end = end < 0 ? text.Length : end;
                Says(text[at..end]);
                at = end;
            }
        }
    }

    /// <summary>Text in a table, but in no cell of it, is put before the table.</summary>
    private void Says(string text)
    {
        if (WebUtility.HtmlDecode(text).Trim().Length == 0)
        {
            return;
        }

        _isInBody = true;
        var parent = _open.Count > 0 && s_fosters.Contains(_open[^1]) ? _open.LastIndexOf("table") - 1 : _open.Count - 1;
        _hasLooseText |= parent < 0;
    }

    private int Opens(string text, int at)
    {
        var (name, end) = (Name(text, at + 1), TagEnd(text, at));
        if (end < 0)
        {
            return text.Length;
        }

        if (name is "html" or "head" or "body")
        {
            _hasElement |= !_isInBody;
            _hasBody |= name == "body" && !_isInBody;
            _isInBody |= name == "body";
            return end;
        }

        _isInBody |= !s_head.Contains(name);
        if (s_inTable.Contains(name))
        {
            var table = _open.LastIndexOf("table");
            if (table < 0)
            {
                return end;
            }

            CutTo(table + 1);
        }

        if (s_endsParagraph.Contains(name) || (name == "table" && _hasDoctype))
        {
            Ends("p");
        }

        if (name is "li" or "dd" or "dt" or "option")
        {
            Ends(name);
        }

        _hasElement |= s_known.Contains(name) || name.Contains('-', StringComparison.Ordinal);
        var isForeign = name is "svg" or "math" || _open.Contains("svg") || _open.Contains("math");
        if (s_void.Contains(name) || (isForeign && text[end - 2] == '/'))
        {
            return end;
        }

        if (s_raw.Contains(name) && !isForeign)
        {
            var closing = text.IndexOf($"</{name}", end, StringComparison.OrdinalIgnoreCase);
            return closing < 0 ? text.Length : After(text, ">", closing);
        }

        _open.Add(name);
        return end;
    }

    private void Closes(string name)
    {
        if (name is "html" or "head" or "body")
        {
            return;
        }

        var at = _open.LastIndexOf(name);
        if (at < 0)
        {
            // A browser makes an element of these, of a paragraph's only where a page has begun.
            _hasElement |= name == "br" || (name == "p" && _isInBody);
            return;
        }

        if (s_special.Contains(name) || !_open.Skip(at + 1).Any(s_special.Contains))
        {
            CutTo(at);
        }
        else if (s_formatting.Contains(name))
        {
            _open.RemoveAt(at);
        }
    }

    /// <summary>Ends an open element that cannot hold the next one, unless another holds both.</summary>
    private void Ends(string name)
    {
        var at = _open.LastIndexOf(name);
        if (at >= 0 && !_open.Skip(at + 1).Any(each => name == "p" ? each is "button" or "table" or "td" or "th" or "caption" or "template" or "object" : each is "ul" or "ol" or "dl" or "table" or "select"))
        {
            CutTo(at);
        }
    }

    private void CutTo(int count) => _open.RemoveRange(count, _open.Count - count);

    private static string Name(string text, int at)
    {
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('/' or '>'))
        {
            end++;
        }

        return text[at..end].ToLowerInvariant();
    }

    private static int TagEnd(string text, int at)
    {
        var (quote, before) = ('\0', '<');
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'' && before == '=')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return at + 1;
            }

            before = char.IsWhiteSpace(c) ? before : c;
        }

        return -1;
    }

    private static int After(string text, string what, int from) => text.IndexOf(what, from, StringComparison.Ordinal) is >= 0 and var at ? at + what.Length : text.Length;

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.Ordinal);
}
