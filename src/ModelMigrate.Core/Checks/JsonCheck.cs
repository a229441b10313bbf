using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Checks.Schemas;

namespace ModelMigrate.Core.Checks;

/// <summary>Demands that the text is one JSON value (RFC 8259), and that it meets a schema when there is one. White space around it is allowed, words and code fences are not.</summary>
public sealed record JsonCheck(string Name, JsonSchema? Schema) : AnswerCheck(Name)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

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
