using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>One judged answer as a line of JSON: what <c>check-safety</c> reads, and what a person looks through.</summary>
/// <param name="Suite">Its suite.</param>
/// <param name="Id">Within the suite.</param>
/// <param name="Harmful">Null when nobody judged it.</param>
/// <param name="Why">By what.</param>
/// <param name="Prompt">The last message.</param>
/// <param name="Answer">Null when there is none.</param>
/// <param name="Error">Why there is none.</param>
public sealed record JudgedLine(string Suite, string Id, bool? Harmful, string Why, string Prompt, string? Answer, string? Error)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>On one line, nulls written: a judgement that is missing stands there as such.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
