using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Asserting;

namespace ModelMigrate.Core.Promptfoo;

/// <summary>One thing that an answer is held against, or a set of them with a threshold of its own.</summary>
public sealed record PromptfooAssertion
{
    /// <summary>As written, with <c>not-</c> where it is turned round; <c>assert-set</c> for a set.</summary>
    public required string Type { get; init; }

    /// <summary>What the answer is compared with; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</summary>
    public JsonElement Value { get; init; }

    public double? Threshold { get; init; }

    public double Weight { get; init; } = 1;

    /// <summary>The name that its score is summed under, or null.</summary>
    public string? Metric { get; init; }

    /// <summary>The assertions of a set.</summary>
    public IReadOnlyList<PromptfooAssertion> Set { get; init; } = [];

    public bool IsInverse => Type.StartsWith(AssertionTypes.Not, StringComparison.Ordinal);

    public bool IsSet => Type == AssertionTypes.Set;

    internal AssertionType? Known { get; init; }

    /// <summary>What the value was compiled to, for a value without variables.</summary>
    internal object? Prepared { get; init; }
}
