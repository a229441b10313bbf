namespace ModelMigrate.Core.Promptfoo;

/// <summary>What a <c>promptfooconfig.yaml</c> asks for, with every file that it names.</summary>
public sealed record PromptfooConfig
{
    public string? Description { get; init; }

    public required IReadOnlyList<PromptfooPrompt> Prompts { get; init; }

    public required IReadOnlyList<PromptfooProvider> Providers { get; init; }

    public required IReadOnlyList<PromptfooTest> Tests { get; init; }

    /// <summary>Calls under way at once; null for promptfoo's 4.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How often each row is asked.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The longest that one call may take, or null.</summary>
    public TimeSpan? Timeout { get; init; }

    public int Assertions => Tests.Sum(static test => test.Asserts.Sum(static each => each.IsSet ? each.Set.Count : 1));
}
