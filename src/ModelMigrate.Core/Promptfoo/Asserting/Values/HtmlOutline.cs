using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace ModelMigrate.Core.Promptfoo.Asserting.Values;

/// <summary>What a browser makes of a text, as far as promptfoo asks: whether some of it stands in no element of its own, and whether it has an element at all.</summary>
internal static class HtmlOutline
{
    private static readonly HtmlParser s_parser = new(new HtmlParserOptions { IsKeepingSourceReferences = true });

    /// <summary>Elements of HTML that are still in use.</summary>
    private static readonly HashSet<string> s_known = new(
        ("title base link meta style article section nav aside h1 h2 h3 h4 h5 h6 header footer address p hr pre blockquote ol ul li dl dt dd figure figcaption main div a em strong small s cite q dfn "
        + "abbr ruby rt rp data time code var samp kbd sub sup i b u mark bdi bdo span br wbr img iframe embed object param picture source video audio track map area svg math script noscript canvas ins del table "
        + "caption colgroup col tbody thead tfoot tr td th form label input button select datalist optgroup option textarea output progress meter fieldset legend details summary dialog menu slot template").Split(' '),
        StringComparer.Ordinal);

    /// <summary>Why a text is no HTML, or null.</summary>
    public static string? Wrong(string text)
    {
        using var page = s_parser.ParseDocument(text);
        return page.Body is { } body && !IsWritten(body) && body.ChildNodes.Any(static node => node is IText { Data: var data } && !string.IsNullOrWhiteSpace(data)) ? "text stands outside of its tags"
            : page.All.Any(static element => element.LocalName is "html" or "head" or "body" ? IsWritten(element) : s_known.Contains(element.LocalName) || element.LocalName.Contains('-', StringComparison.Ordinal)) ? null
            : "it has no element of HTML";
    }

    /// <summary>A page has a head and a body, whether they stand in the text or not.</summary>
    private static bool IsWritten(IElement element) => element.SourceReference is { Position.Index: >= 0 };
}
