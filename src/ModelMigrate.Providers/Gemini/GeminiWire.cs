using System.Text.Json;

namespace ModelMigrate.Providers.Gemini;

/// <summary>The parts of generateContent's answers that are read: one shape for a whole answer and for a chunk.</summary>
internal sealed record GeminiWire
{
    /// <summary>Stands for an end mark, which the protocol does not have.</summary>
    public static GeminiWire Done { get; } = new();

    public IReadOnlyList<Candidate>? Candidates { get; init; }

    public Feedback? PromptFeedback { get; init; }

    public Tokens? UsageMetadata { get; init; }

    public string? ModelVersion { get; init; }

    public string? ResponseId { get; init; }

    public Failure? Error { get; init; }

    internal sealed record Candidate
    {
        public Content? Content { get; init; }

        public string? FinishReason { get; init; }

        public string? FinishMessage { get; init; }

        public JsonElement? GroundingMetadata { get; init; }

        public JsonElement? CitationMetadata { get; init; }
    }

    internal sealed record Content
    {
        public IReadOnlyList<Part>? Parts { get; init; }
    }

    internal sealed record Part
    {
        public string? Text { get; init; }

        /// <summary>Whether the text is a summary of the model's thinking.</summary>
        public bool? Thought { get; init; }

        /// <summary>The thinking itself, encrypted; belongs to this part.</summary>
        public string? ThoughtSignature { get; init; }

        public Call? FunctionCall { get; init; }

        public JsonElement? InlineData { get; init; }

        public JsonElement? ExecutableCode { get; init; }
    }

    internal sealed record Call
    {
        public string? Id { get; init; }

        public string? Name { get; init; }

        public JsonElement? Args { get; init; }
    }

    internal sealed record Feedback
    {
        public string? BlockReason { get; init; }

        public string? BlockReasonMessage { get; init; }
    }

    internal sealed record Tokens
    {
        public long? PromptTokenCount { get; init; }

        public long? CandidatesTokenCount { get; init; }

        public long? CachedContentTokenCount { get; init; }

        public long? ThoughtsTokenCount { get; init; }

        /// <summary>What tools of the provider's own put into the prompt.</summary>
        public long? ToolUsePromptTokenCount { get; init; }
    }

    internal sealed record Failure
    {
        public int? Code { get; init; }

        public string? Message { get; init; }

        /// <summary>For example <c>RESOURCE_EXHAUSTED</c>.</summary>
        public string? Status { get; init; }

        public IReadOnlyList<Detail>? Details { get; init; }
    }

    internal sealed record Detail
    {
        /// <summary>For example <c>17s</c>.</summary>
        public string? RetryDelay { get; init; }
    }
}
