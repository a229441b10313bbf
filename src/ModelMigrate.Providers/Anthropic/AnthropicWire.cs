using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>The parts of the messages protocol's answers that are read: one shape for a whole message and for every stream event.</summary>
/// <remarks>What is only initialised is read through a constructor with all its arguments, at twice the time; so these can be set.</remarks>
internal sealed record AnthropicWire
{
    /// <summary>Stands for the end mark of a stream, which this protocol sends as an event of its own.</summary>
    public static AnthropicWire Stop { get; } = new() { Type = "message_stop" };

    [JsonConverter(typeof(RepeatedText))]
    public string? Type { get; set; }

    public string? Id { get; set; }

    public string? Model { get; set; }

    /// <summary>A whole message's blocks.</summary>
    public IReadOnlyList<Block>? Content { get; set; }

    public string? StopReason { get; set; }

    /// <summary>A whole message's stop text that was met.</summary>
    public string? StopSequence { get; set; }

    public Tokens? Usage { get; set; }

    /// <summary>In the events of a block: its place in the answer.</summary>
    public int? Index { get; set; }

    /// <summary>In <c>message_start</c>.</summary>
    public AnthropicWire? Message { get; set; }

    /// <summary>In <c>content_block_start</c>.</summary>
    public Block? ContentBlock { get; set; }

    /// <summary>In <c>content_block_delta</c> and <c>message_delta</c>.</summary>
    public Block? Delta { get; set; }

    public Failure? Error { get; set; }

    internal sealed record Block
    {
        [JsonConverter(typeof(RepeatedText))]
        public string? Type { get; set; }

        public string? Text { get; set; }

        public string? Id { get; set; }

        public string? Name { get; set; }

        /// <summary>The arguments of a <c>tool_use</c>.</summary>
        public JsonElement? Input { get; set; }

        /// <summary>A piece of them, in <c>input_json_delta</c>.</summary>
        public string? PartialJson { get; set; }

        public string? Thinking { get; set; }

        public string? Signature { get; set; }

        /// <summary>A <c>redacted_thinking</c>.</summary>
        public string? Data { get; set; }

        public string? StopReason { get; set; }

        public string? StopSequence { get; set; }
    }

    internal sealed record Tokens
    {
        public long? InputTokens { get; set; }

        public long? OutputTokens { get; set; }

        public long? CacheCreationInputTokens { get; set; }

        public long? CacheReadInputTokens { get; set; }
    }

    internal sealed record Failure
    {
        public string? Type { get; set; }

        public string? Message { get; set; }
    }
}
