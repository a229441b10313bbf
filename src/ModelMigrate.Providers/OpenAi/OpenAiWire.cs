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

    public Failure? Error { get; init; }

    internal sealed record Choice
    {
        public Message? Message { get; init; }

        public Message? Delta { get; init; }

        public string? FinishReason { get; init; }
    }

    internal sealed record Message
    {
        public string? Content { get; init; }

        public string? Refusal { get; init; }

        public string? Text => string.IsNullOrEmpty(Content) ? Refusal ?? Content : Content;
    }

    internal sealed record Tokens
    {
        public long PromptTokens { get; init; }

        public long CompletionTokens { get; init; }

        public Details? PromptTokensDetails { get; init; }
    }

    internal sealed record Details
    {
        public long? CachedTokens { get; init; }
    }

    internal sealed record Failure
    {
        public string? Message { get; init; }

        public string? Type { get; init; }
    }
}
