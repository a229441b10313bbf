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

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Translated { get; } = [Effort, ThinkingBudget, StructuredOutputs];

    /// <summary>Parameters that a model's <c>rejects</c> may name: left out in translation, and reported.</summary>
    public static IReadOnlyList<string> Rejectable { get; } =
    [
        "temperature", "top_p", "top_k", "stop", "seed", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "tool_choice", "response_format",
        "user", "max_completion_tokens",
    ];
}
