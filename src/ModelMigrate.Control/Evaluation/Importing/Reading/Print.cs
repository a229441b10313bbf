using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Importing.Reading;

/// <summary>What contents are known by: the first half of SHA-256 in hexadecimal digits.</summary>
internal static class Print
{
    private const int Digits = 32;

    /// <summary>Each part with its length before it, so that no two run together alike.</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];
    }

    /// <summary>JSON whose members are in the order of their names: the same content is the same text. <paramref name="without"/>: members at the top that do not count.</summary>
    public static string Canonical(JsonElement? value, params ReadOnlySpan<string> without)
    {
        var text = new StringBuilder();
        Write(text, value ?? default, without);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value, ReadOnlySpan<string> without)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    if (!without.Contains(member.Name))
                    {
                        text.Append('"').Append(JsonEncodedText.Encode(member.Name).Value).Append("\":");
                        Write(text, member.Value, default);
                        text.Append(',');
                    }
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(text, item, default);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                // Two escapes of one text are one text.
                text.Append('"').Append(JsonEncodedText.Encode(value.GetString()!).Value).Append('"');
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                text.Append(value.GetRawText());
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                text.Append("null");
                break;
        }
    }
}
