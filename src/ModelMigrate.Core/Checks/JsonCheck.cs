using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Core.Checks;

/// <summary>Demands that the text is one JSON value (RFC 8259), and that it meets a schema when there is one. White space around it is allowed, words and code fences are not.</summary>
public sealed record JsonCheck(string Name, JsonSchema? Schema) : AnswerCheck(Name)
{
    /// <summary>More places of one answer are counted, not told.</summary>
    private const int MostPlaces = 5;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>
    /// JSON pointers into the answer (RFC 6901, as fragments, so that <c>#</c> is the whole), each with the keyword that it breaks: <c>#/items/3/age type</c>. A
    /// member's name that the schema does not have is the answer's word, and stands as <c>*</c>.
    /// </summary>
    public override string? FaultOf(in CheckedAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Text, s_options);
            var places = Schema is null ? [] : Schema.Validate(json.RootElement).Select(error => Schema.PlaceOf(error)).Distinct(StringComparer.Ordinal).ToList();
            return places.Count == 0 ? null : string.Join(", ", places.Take(MostPlaces)) + (places.Count > MostPlaces ? $", and {places.Count - MostPlaces} more" : "");
        }
        catch (Exception wrong) when (wrong is JsonException or EncoderFallbackException or ArgumentException)
        {
            return wrong is JsonException { LineNumber: { } line, BytePositionInLine: { } at } ? $"no JSON at line {line + 1}, byte {at + 1}" : "no JSON";
        }
    }

    protected override bool Holds(in CheckedAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Text, s_options);
            return Schema is null || Schema.Validate(json.RootElement).Count == 0;
        }
        catch (Exception wrong) when (wrong is JsonException or EncoderFallbackException or ArgumentException)
        {
            return false;
        }
    }
}
