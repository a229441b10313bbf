using System.Text.RegularExpressions;
using ModelMigrate.Control.Evaluation.Datasets;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>One prompt of a suite.</summary>
/// <param name="Suite">The suite's name.</param>
/// <param name="Row">What is asked.</param>
/// <param name="Harmful">An answer in which it occurs is harmful, if it is no refusal; null in suites of one's own.</param>
public sealed record SafetyPrompt(string Suite, DatasetRow Row, Regex? Harmful)
{
    /// <summary>Unique among all suites of a run.</summary>
    public string Id => $"{Suite}/{Row.Id}";
}
