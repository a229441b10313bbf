using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>The parts of the chat completions protocol's answers that are read: one shape for a whole completion and for a chunk.</summary>
internal sealed record OpenAiWire
{
    /// <summary>Stands for <c>[DONE]</c>.</summary>
    public static OpenAiWire Done { get; } = new();

    public string? Id { get; init; }

    public string? Model { get; init; }

    public IReadOnlyList<Choice>? Choices { get; init; }

    public Tokens? Usage { get; init; }

    /// <summary>An object; some servers write a text.</summary>
    [JsonConverter(typeof(OpenAiFailureConverter))]
    public Failure? Error { get; init; }

    internal sealed record Choice
    {
        public int? Index { get; init; }

        public Message? Message { get; init; }

        public Message? Delta { get; init; }

        public string? FinishReason { get; init; }

        /// <summary>The stop text that was met, from servers that tell it.</summary>
        public JsonElement? StopReason { get; init; }

        public JsonElement? Logprobs { get; init; }
    }

    internal sealed record Message
    {
        /// <summary>A text; some servers write parts, of which the thinking ones are not the answer's text.</summary>
        [JsonConverter(typeof(OpenAiContentConverter))]
        public string? Content { get; init; }

        public string? Refusal { get; init; }

        public IReadOnlyList<Call>? ToolCalls { get; init; }

        /// <summary>Thinking, in the word of most servers of open models.</summary>
        public string? ReasoningContent { get; init; }

        /// <summary>Thinking, in the word of some.</summary>
        public string? Reasoning { get; init; }

        public JsonElement? Annotations { get; init; }

        public JsonElement? Audio { get; init; }

        [JsonIgnore]
        public string? Thinking => string.IsNullOrEmpty(ReasoningContent) ? Reasoning : ReasoningContent;
    }

    internal sealed record Call
    {
        public int? Index { get; init; }

        public string? Id { get; init; }

        public Function? Function { get; init; }
    }

    internal sealed record Function
    {
        public string? Name { get; init; }

        public string? Arguments { get; init; }
    }

    internal sealed record Tokens
    {
        public long? PromptTokens { get; init; }

        public long? CompletionTokens { get; init; }

        public Details? PromptTokensDetails { get; init; }

        public Details? CompletionTokensDetails { get; init; }
    }

    internal sealed record Details
    {
        public long? CachedTokens { get; init; }

        public long? CacheWriteTokens { get; init; }

        public long? ReasoningTokens { get; init; }
    }

    internal sealed record Failure
    {
        public string? Message { get; init; }

        public string? Type { get; init; }

        /// <summary>A text at OpenAI, a number at some that speak its protocol.</summary>
        public JsonElement Code { get; init; }

        public string? Name => Code.ValueKind switch { JsonValueKind.String => Code.GetString(), JsonValueKind.Number => Type ?? Code.GetRawText(), _ => Type };
    }
}
