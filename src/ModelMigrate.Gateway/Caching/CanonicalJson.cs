using System.Runtime.InteropServices;
using System.Text.Json;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Caching;

/// <summary>
/// Writes JSON so that two texts that differ only in the order of keys and in white space come out alike. Strings and numbers stay as they
/// are written: two spellings of one value are two values, which costs a hit and never gives a wrong one.
/// </summary>
internal static class CanonicalJson
{
    private const int MaxDepth = 128;

    /// <summary>Appends the canonical text of a body that is known to be JSON.</summary>
    public static void Write(ReadOnlyMemory<byte> json, PooledBytes into)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        Write(document.RootElement, into);
    }

    private static void Write(JsonElement value, PooledBytes into)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                into.Append("{"u8);
                WriteMembers(value, into);
                into.Append("}"u8);
                break;
            case JsonValueKind.Array:
                into.Append("["u8);
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, into);
                    into.Append(","u8);
                }

                into.Append("]"u8);
                break;
            default:
                into.Append(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void WriteMembers(JsonElement value, PooledBytes into)
    {
        // Stable, so that of a key that stands twice both stay, in their order.
        foreach (var member in value.EnumerateObject().OrderBy(static member => member, Comparer<JsonProperty>.Create(
            static (a, b) => JsonMarshal.GetRawUtf8PropertyName(a).SequenceCompareTo(JsonMarshal.GetRawUtf8PropertyName(b)))))
        {
            into.Append("\""u8);
            into.Append(JsonMarshal.GetRawUtf8PropertyName(member));
            into.Append("\":"u8);
            Write(member.Value, into);
            into.Append(","u8);
        }
    }
}
