using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Providers.Json;

namespace ModelMigrate.Providers.OpenAi.Wires;

/// <summary>The parts of the chat completions protocol's answers that are read: one shape for a whole completion and for a chunk.</summary>
/// <remarks>What is only initialised is read through a constructor with all its arguments, at twice the time; so these can be set.</remarks>
internal sealed record OpenAiWire
{
    /// <summary>Stands for <c>[DONE]</c>.</summary>
    public static OpenAiWire Done { get; } = new();

    [JsonConverter(typeof(RepeatedText))]
    public string? Id { get; set; }

    [JsonConverter(typeof(RepeatedText))]
    public string? Model { get; set; }

    [JsonConverter(typeof(OpenAiChoicesConverter))]
    public IReadOnlyList<Choice?>? Choices { get; set; }

    public Tokens? Usage { get; set; }

    /// <summary>An object; some servers write a text.</summary>
    [JsonConverter(typeof(OpenAiFailureConverter))]
    public Failure? Error { get; set; }

    internal sealed record Choice
    {
        public Message? Message { get; set; }

        public Message? Delta { get; set; }

        public string? FinishReason { get; set; }

        /// <summary>The stop text that was met, from servers that tell it.</summary>
        public JsonElement? StopReason { get; set; }

        public JsonElement? Logprobs { get; set; }
    }

    internal sealed record Message
    {
        /// <summary>A text; some servers write parts, of which the thinking ones are not the answer's text.</summary>
        public string? Content { get; set; }

        public string? Refusal { get; set; }

        public IReadOnlyList<Call>? ToolCalls { get; set; }

        /// <summary>Thinking, in the word of most servers of open models.</summary>
        public string? ReasoningContent { get; set; }

        /// <summary>Thinking, in the word of some.</summary>
        public string? Reasoning { get; set; }

        public JsonElement? Annotations { get; set; }

        public JsonElement? Audio { get; set; }

        [JsonIgnore]
        public string? Thinking => string.IsNullOrEmpty(ReasoningContent) ? Reasoning : ReasoningContent;
    }

    internal sealed record Call
    {
        public int? Index { get; set; }

        public string? Id { get; set; }

        public Function? Function { get; set; }
    }

    internal sealed record Function
    {
        public string? Name { get; set; }

        public string? Arguments { get; set; }
    }

    internal sealed record Tokens
    {
        public long? PromptTokens { get; set; }

        public long? CompletionTokens { get; set; }

        public Details? PromptTokensDetails { get; set; }

        public Details? CompletionTokensDetails { get; set; }
    }

    internal sealed record Details
    {
        public long? CachedTokens { get; set; }

        public long? CacheWriteTokens { get; set; }

        public long? ReasoningTokens { get; set; }
    }

    internal sealed record Failure
    {
        public string? Message { get; set; }

        public string? Type { get; set; }

        /// <summary>A text at OpenAI, a number at some that speak its protocol.</summary>
        public JsonElement Code { get; set; }

        public string? Name => Code.ValueKind switch { JsonValueKind.String => Code.GetString(), JsonValueKind.Number => Type ?? Code.GetRawText(), _ => Type };
    }
}
