namespace ModelMigrate.Core.Chat.Parts;

/// <summary>
/// State that only the model family that made it can read: a thinking signature, encrypted reasoning. To any other family it is
/// poison, because each further turn sends it again; so it carries its origin, in the text itself, through the client and back.
/// </summary>
/// <param name="Data">As the provider wrote it.</param>
/// <param name="Family">The family that made it; null when it came without a tag, straight from a provider of the client's protocol.</param>
/// <param name="IsRedacted">Whether it stands for the whole thinking, and not only vouches for its text.</param>
public sealed record OpaqueState(string Data, string? Family, bool IsRedacted = false)
{
    private const string Tag = "mm1.";

    /// <summary>Stands for state that a client's protocol had no place for; it is for no model.</summary>
    public const string Lost = "mm1..";

    /// <summary>The family of state that came without a tag, straight from a provider of the responses protocol: no chat can take it back.</summary>
    public const string OfResponses = "responses";

    /// <summary>The family of state that came without a tag while nothing says who made it; no model is of it.</summary>
    public const string OfNobody = "";

    /// <summary>The text that a client gets: <c>mm1.FAMILY.DATA</c>.</summary>
    public string Tagged => Family is null ? Data : $"{Tag}{Family}.{Data}";

    /// <summary>Whether a text, as it stands in a request, carries an origin.</summary>
    public static bool IsTagged(ReadOnlySpan<byte> text) => text.StartsWith("mm1."u8);

    /// <summary>The origin of encrypted reasoning, which its family reads at the provider that encrypted it alone. An origin ends at its first dot, so it holds none.</summary>
    public static string At(string family, string provider) => $"{family}@{provider}".Replace('.', '~');

    public static OpaqueState Read(string text, bool isRedacted = false)
    {
        var end = text.StartsWith(Tag, StringComparison.Ordinal) ? text.IndexOf('.', Tag.Length) : -1;
        return end < 0 ? new OpaqueState(text, null, isRedacted) : new OpaqueState(text[(end + 1)..], text[Tag.Length..end], isRedacted);
    }

    /// <summary>Whether a model may be sent this: it is of the family that made it, or nothing is known against it.</summary>
    public bool IsFor(string family) => Data.Length > 0 && (Family is null || string.Equals(Family, family, StringComparison.Ordinal));
}
