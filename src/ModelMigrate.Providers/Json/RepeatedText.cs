using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.Json;

/// <summary>
/// Reads a text that the events of a stream repeat, such as its id: the string of the last event is given again, and none allocated.
/// What is remembered is a cache of short texts, one for each place, that later ones push out.
/// </summary>
internal sealed class RepeatedText : JsonConverter<string>
{
    private const int Longest = 64;

    /// <summary>Reads and writes of a reference are whole, so requests may share it without a lock.</summary>
    private readonly string?[] _places = new string?[64];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueSpan.Length is 0 or > Longest)
        {
            return reader.GetString();
        }

        var bytes = reader.ValueSpan;
        ref var place = ref _places[((bytes[0] * 7) + (bytes[^1] * 31) + (bytes[bytes.Length / 2] * 13) + bytes.Length) & 63];
        return place is { } known && reader.ValueTextEquals(known) ? known : place = reader.GetString();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
