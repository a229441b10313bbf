using System.Buffers.Text;

namespace ModelMigrate.Core.Routing;

/// <summary>
/// The text that keeps a user on one arm: the sticky header, else the protocol's user field, else the conversation's own
/// beginning, which stays the same while the conversation grows.
/// </summary>
public static class StickyKey
{
    /// <summary>Bytes of key text looked at; also the size that <see cref="WriteConversation"/> needs at most.</summary>
    public const int MaxLength = 4096;

    private const byte Mask = (byte)'#';
    private const int UuidLength = 36;

    /// <summary>The first <see cref="MaxLength"/> bytes of a header or user field, which identify the user as they stand.</summary>
    public static ReadOnlySpan<byte> OfUser(ReadOnlySpan<byte> user) => user.Length <= MaxLength ? user : user[..MaxLength];

    /// <summary>
    /// Writes the key text of an anonymous conversation: system text and first user message (UTF-8), cut to
    /// <see cref="MaxLength"/> bytes together, with numbers, dates and UUIDs masked, because prompt templates put the time and
    /// request ids there. Answers the length written; <paramref name="into"/> holds at least <see cref="MaxLength"/> bytes.
    /// </summary>
    public static int WriteConversation(ReadOnlySpan<byte> system, ReadOnlySpan<byte> firstUser, Span<byte> into)
    {
        system = system.Length <= MaxLength - 1 ? system : system[..(MaxLength - 1)];
        firstUser = firstUser.Length <= MaxLength - 1 - system.Length ? firstUser : firstUser[..(MaxLength - 1 - system.Length)];
        var length = WriteMasked(system, into);
        into[length++] = 0;
        return length + WriteMasked(firstUser, into[length..]);
    }

    private static int WriteMasked(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var length = 0;
        for (var at = 0; at < text.Length;)
        {
            var masked = MaskedLength(text, at);
            into[length++] = masked == 0 ? text[at] : Mask;
            at += Math.Max(1, masked);
        }

        return length;
    }

    /// <summary>How many bytes from <paramref name="at"/> on are one UUID, number or name of a month or weekday; 0 for none.</summary>
    private static int MaskedLength(ReadOnlySpan<byte> text, int at)
    {
        var rest = text[at..];
        var startsWord = at == 0 || !IsLetterOrDigit(text[at - 1]);
        if (startsWord && rest.Length >= UuidLength && Utf8Parser.TryParse(rest[..UuidLength], out Guid _, out var read, 'D') && read == UuidLength)
        {
            return UuidLength;
        }

        var digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit((char)rest[digits]))
        {
            digits++;
        }

        return digits > 0 || !startsWord ? digits : DateWords.MatchLength(rest);
    }

    internal static bool IsLetterOrDigit(byte value) => char.IsAsciiLetterOrDigit((char)value) || value >= 0x80;
}
