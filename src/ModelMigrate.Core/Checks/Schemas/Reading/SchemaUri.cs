namespace ModelMigrate.Core.Checks.Schemas.Reading;

/// <summary>Resolves the references of schemas (RFC 3986, section 5).</summary>
internal static class SchemaUri
{
    /// <summary>The URI of a schema that has none: nothing relative leads out of it.</summary>
    public const string Nameless = "schema:///";

    /// <summary>An absolute URI without its fragment, and the fragment with its escapes undone; null when a reference makes no sense.</summary>
    public static (string Uri, string Fragment)? Resolve(string from, string reference)
    {
        if (reference.Length == 0 || reference[0] == '#')
        {
            return (from, Unescape(reference));
        }

        Uri? absolute = null;
        if (!(HasScheme(reference) && Uri.TryCreate(reference, UriKind.Absolute, out absolute))
            && !(Uri.TryCreate(from, UriKind.Absolute, out var start) && Uri.TryCreate(start, reference, out absolute)))
        {
            return null;
        }

        var text = absolute.AbsoluteUri;
        var mark = text.IndexOf('#', StringComparison.Ordinal);
        return mark < 0 ? (text, "") : (text[..mark], Unescape(text[mark..]));
    }

    /// <summary>A path that begins with / is a file's only where there are such files.</summary>
    private static bool HasScheme(string reference) => reference.AsSpan().IndexOfAny(":/?#") is > 0 and var end && reference[end] == ':';

    private static string Unescape(string fragment) => fragment.Length == 0 ? "" : Uri.UnescapeDataString(fragment[1..]);
}
