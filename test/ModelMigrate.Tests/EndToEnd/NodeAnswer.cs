using System.Text.Json.Serialization;

namespace ModelMigrate.Tests.EndToEnd;

/// <summary>One line of <c>chat.mjs</c>: what the SDK handed to its caller.</summary>
internal sealed record NodeAnswer(bool Stream, string? Arm, string Text, string? Finish, NodeAnswer.Tokens? Usage)
{
    internal sealed record Tokens(
        [property: JsonPropertyName("prompt_tokens")] int Prompt,
        [property: JsonPropertyName("completion_tokens")] int Completion,
        [property: JsonPropertyName("total_tokens")] int Total);
}
