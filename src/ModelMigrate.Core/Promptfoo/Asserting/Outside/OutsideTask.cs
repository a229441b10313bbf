namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>What must be found out before an answer can be graded.</summary>
/// <param name="Assertion">For which assertion.</param>
/// <param name="Value">Its value with the variables in place; empty for none.</param>
public sealed record OutsideTask(PromptfooAssertion Assertion, string Value)
{
    /// <summary>The texts of a value that is a list; a text by itself.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [Value];

    /// <summary>What is enough: as written, else the type's own; null where nothing is.</summary>
    public double? Threshold => Assertion.Threshold ?? Assertion.Known?.DefaultThreshold;

    public SimilarityMetric Metric => Assertion.Known?.Metric ?? SimilarityMetric.Cosine;
}
