using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>The parts of Converse's answers that are read: one shape for a whole answer and for each event of a stream.</summary>
internal sealed record BedrockWire
{
    public Answer? Output { get; init; }

    public string? StopReason { get; init; }

    public Tokens? Usage { get; init; }

    public int? ContentBlockIndex { get; init; }

    public Block? Start { get; init; }

    public Block? Delta { get; init; }

    /// <summary>Of an error; some services write it with a capital.</summary>
    public string? Message { get; init; }

    internal sealed record Answer
    {
        public Content? Message { get; init; }
    }

    internal sealed record Content
    {
        [JsonPropertyName("content")]
        public IReadOnlyList<Block>? Blocks { get; init; }
    }

    internal sealed record Block
    {
        public string? Text { get; init; }

        public ToolUse? ToolUse { get; init; }

        public Reasoning? ReasoningContent { get; init; }
    }

    internal sealed record ToolUse
    {
        public string? ToolUseId { get; init; }

        public string? Name { get; init; }

        /// <summary>An object in a whole answer, a piece of JSON text in a stream.</summary>
        public JsonElement? Input { get; init; }
    }

    /// <summary>Of a stream the first members, of a whole answer <see cref="ReasoningText"/>.</summary>
    internal sealed record Reasoning
    {
        public string? Text { get; init; }

        public string? Signature { get; init; }

        public string? RedactedContent { get; init; }

        public ReasoningText? ReasoningText { get; init; }
    }

    internal sealed record ReasoningText
    {
        public string? Text { get; init; }

        public string? Signature { get; init; }
    }

    internal sealed record Tokens
    {
        public long? InputTokens { get; init; }

        public long? OutputTokens { get; init; }

        public long? CacheReadInputTokens { get; init; }

        public long? CacheWriteInputTokens { get; init; }
    }
}
