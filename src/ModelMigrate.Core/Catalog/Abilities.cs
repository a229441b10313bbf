namespace ModelMigrate.Core.Catalog;

/// <summary>Words of a model's <c>capabilities</c> that translation goes by. Others are for people and reports.</summary>
public static class Abilities
{
    /// <summary>The model takes a level of effort: <c>reasoning_effort</c>, or <c>output_config.effort</c> with adaptive thinking.</summary>
    public const string Effort = "effort";

    /// <summary>The model takes a budget of thinking tokens (<c>thinking.budget_tokens</c>).</summary>
    public const string ThinkingBudget = "thinkingBudget";

    /// <summary>The provider itself holds answers and tool arguments to a schema (<c>output_config.format</c>, <c>strict</c>).</summary>
    public const string StructuredOutputs = "structuredOutputs";

    /// <summary>The model refuses a tool call of its history that carries no signature, as Gemini 3 does.</summary>
    public const string ThoughtSignatures = "thoughtSignatures";

    /// <summary>The model sees pictures. <c>vision</c> says the same.</summary>
    public const string Images = "images";

    /// <summary>Whether a word says that a model sees pictures.</summary>
    public static bool IsImages(string ability) =>
        ability.Equals(Images, StringComparison.OrdinalIgnoreCase) || ability.Equals("vision", StringComparison.OrdinalIgnoreCase);

    /// <summary>The model turns speech into text.</summary>
    public const string Transcription = "transcription";

    /// <summary>The model turns speech of any language into English text.</summary>
    public const string SpeechTranslation = "speechTranslation";

    /// <summary>All that translation goes by.</summary>
    public static IReadOnlyList<string> Translated { get; } = [Effort, ThinkingBudget, StructuredOutputs, ThoughtSignatures];

    /// <summary>Parameters that a <c>rejects</c> of a model or provider may name: left out, and reported.</summary>
    public static IReadOnlyList<string> Rejectable { get; } =
    [
        "temperature", "top_p", "top_k", "stop", "seed", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "tool_choice", "response_format",
        "user", "max_completion_tokens", "logprobs", "top_logprobs", "logit_bias", "stream_options", "store", "metadata", "service_tier",
        "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "prediction", "verbosity", "reasoning_effort",
        "messages.name", "messages.reasoning_content", "messages.refusal",
    ];
}
