using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelMigrate.Core.Chat.Parts;

/// <summary>
/// A text as it stands in JSON between its quotes, escapes and all. What may be long goes so from one protocol into another without becoming a
/// string, which from 42,500 characters on would be a large object for each request. It holds as long as the bytes it was read from.
/// </summary>
public sealed class JsonText(ReadOnlyMemory<byte> bytes) : IEquatable<JsonText>
{
    private static readonly byte[] s_quote = "\""u8.ToArray();

    /// <summary>As it stands, without the quotes.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    private bool IsEscaped => bytes.Span.Contains((byte)'\\');

    /// <summary>Of a text, with bytes of its own.</summary>
    public static JsonText Of(string text) => new(Encode(text));

    /// <summary>Writes it as a string value, behind <paramref name="before"/>.</summary>
    public void WriteTo(Utf8JsonWriter json, string before = "")
    {
        var first = new Segment(before.Length == 0 ? s_quote : [.. s_quote, .. Encode(before)]);
        var last = first.Append(bytes).Append(s_quote);
        json.WriteRawValue(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), skipInputValidation: true);
    }

    /// <summary>The text itself.</summary>
    public override string ToString()
    {
        if (!IsEscaped)
        {
            return Encoding.UTF8.GetString(bytes.Span);
        }

        var json = new Utf8JsonReader((byte[])[.. s_quote, .. bytes.Span, .. s_quote]);
        json.Read();
        return json.GetString()!;
    }

    /// <summary>Whether it is the same text, however it is escaped.</summary>
    public bool Equals(JsonText? other) => other is not null
        && (IsEscaped || other.IsEscaped ? string.Equals(ToString(), other.ToString(), StringComparison.Ordinal) : bytes.Span.SequenceEqual(other.Bytes.Span));

    public override bool Equals(object? obj) => Equals(obj as JsonText);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static byte[] Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> bytes) => Memory = bytes;

        public Segment Append(ReadOnlyMemory<byte> bytes)
        {
            var next = new Segment(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
