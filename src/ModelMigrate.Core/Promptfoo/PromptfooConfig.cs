using System.Globalization;
using ModelMigrate.Core.Promptfoo.Deriving;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>What a <c>promptfooconfig.yaml</c> asks for, with every file that it names.</summary>
public sealed record PromptfooConfig
{
    public string? Description { get; init; }

    public required IReadOnlyList<PromptfooPrompt> Prompts { get; init; }

    public required IReadOnlyList<PromptfooProvider> Providers { get; init; }

    /// <summary>The tests to run, each as often as it is repeated. Those of tables and lines of JSON are read from their file with each enumeration.</summary>
    public required IEnumerable<PromptfooTest> Tests { get; init; }

    /// <summary>Calls under way at once; null for promptfoo's 4.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>The longest that one call may take, or null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long to wait after each answer, one row at a time; null for not at all.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The longest that the whole run may take: rows that are not answered then are errors. Null for no limit.</summary>
    public TimeSpan? LongestRun { get; init; }

    /// <summary>Where the results are written when the command does not say; null for nowhere.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Each model with each prompt that it is asked, in the order of results.</summary>
    public IEnumerable<(PromptfooProvider Provider, PromptfooPrompt Prompt)> Arms =>
        Providers.SelectMany(provider => Prompts.Where(prompt => provider.Prompts.Count == 0 || provider.Prompts.Contains(prompt.Label, StringComparer.Ordinal)), static (provider, prompt) => (provider, prompt));

    /// <summary>Figures that are worked out of named scores when all rows are there.</summary>
    public IReadOnlyList<DerivedMetric> DerivedMetrics { get; init; } = [];

    /// <summary>What people call an arm: its model, and which prompt it is, from 1, where there are several.</summary>
    public string Name(PromptfooProvider provider, PromptfooPrompt prompt) => Prompts.Count == 1 ? provider.Label
        : string.Create(CultureInfo.InvariantCulture, $"{provider.Label}, prompt {1 + Prompts.TakeWhile(each => !ReferenceEquals(each, prompt)).Count()}");

    /// <summary>Of the scripts that assertions and transforms run.</summary>
    public IReadOnlyCollection<ScriptLanguage> Languages { get; init; } = [];

    /// <summary>Whether rows of a test are compared with each other.</summary>
    public bool Compares { get; init; }

    /// <summary>How many rows it makes: tests × repeats × models × prompts, less what is limited to others.</summary>
    public long Rows { get; init; }
}
