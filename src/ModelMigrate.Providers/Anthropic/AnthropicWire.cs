using System.Text.Json;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>The parts of the messages protocol's answers that are read: one shape for a whole message and for every stream event.</summary>
internal sealed record AnthropicWire
{
    /// <summary>Stands for the end mark of a stream, which this protocol sends as an event of its own.</summary>
    public static AnthropicWire Stop { get; } = new() { Type = "message_stop" };

    public string? Type { get; init; }

    public string? Id { get; init; }

    public string? Model { get; init; }

    /// <summary>A whole message's blocks.</summary>
    public IReadOnlyList<Block>? Content { get; init; }

    public string? StopReason { get; init; }

    /// <summary>A whole message's stop text that was met.</summary>
    public string? StopSequence { get; init; }

    public Tokens? Usage { get; init; }

    /// <summary>In the events of a block: its place in the answer.</summary>
    public int? Index { get; init; }

    /// <summary>In <c>message_start</c>.</summary>
    public AnthropicWire? Message { get; init; }

    /// <summary>In <c>content_block_start</c>.</summary>
    public Block? ContentBlock { get; init; }

    /// <summary>In <c>content_block_delta</c> and <c>message_delta</c>.</summary>
    public Block? Delta { get; init; }

    public Failure? Error { get; init; }

    internal sealed record Block
    {
        public string? Type { get; init; }

        public string? Text { get; init; }

        public string? Id { get; init; }

        public string? Name { get; init; }

        /// <summary>The arguments of a <c>tool_use</c>.</summary>
        public JsonElement? Input { get; init; }

        /// <summary>A piece of them, in <c>input_json_delta</c>.</summary>
        public string? PartialJson { get; init; }

        public string? Thinking { get; init; }

        public string? Signature { get; init; }

        /// <summary>A <c>redacted_thinking</c>.</summary>
        public string? Data { get; init; }

        public string? StopReason { get; init; }

        public string? StopSequence { get; init; }
    }

    internal sealed record Tokens
    {
        public long? InputTokens { get; init; }

        public long? OutputTokens { get; init; }

        public long? CacheCreationInputTokens { get; init; }

        public long? CacheReadInputTokens { get; init; }
    }

    internal sealed record Failure
    {
        public string? Type { get; init; }

        public string? Message { get; init; }
    }
}
