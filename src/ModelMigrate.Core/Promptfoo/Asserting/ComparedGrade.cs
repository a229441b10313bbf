using System.Text.Json;
using ModelMigrate.Core.Promptfoo.Asserting.Outside;

namespace ModelMigrate.Core.Promptfoo.Asserting;

/// <summary>The grade of a row that was compared with those of its test.</summary>
public static class ComparedGrade
{
    /// <summary>
    /// Strict: a comparison is an assertion as others, with its weight and its metric, and a test's threshold decides over all. compat, as promptfoo: a row that lost fails
    /// with score 0, whatever weight and threshold say, and one that won keeps its score.
    /// </summary>
    /// <param name="test">What the row is held against.</param>
    /// <param name="vars">With the variables that name others filled.</param>
    /// <param name="answer">What is graded.</param>
    /// <param name="mode">Whose rules.</param>
    /// <param name="alone">The row's grade without comparisons.</param>
    /// <param name="outside">What came of the row's other assertions that needed a program or a model; null for none.</param>
    /// <param name="compared">What came of each comparison, in order.</param>
    /// <param name="transformed">The answer as each assertion with a transform sees it; null for none.</param>
    public static Grade Of(
        PromptfooTest test, IReadOnlyDictionary<string, JsonElement> vars, GradedAnswer answer, PromptfooMode mode, Grade alone,
        IReadOnlyDictionary<PromptfooAssertion, OutsideResult>? outside, IReadOnlyList<(PromptfooAssertion Assertion, OutsideResult Result)> compared,
        IReadOnlyDictionary<PromptfooAssertion, TransformedAnswer>? transformed = null)
    {
        var found = new Dictionary<PromptfooAssertion, OutsideResult>(outside ?? new Dictionary<PromptfooAssertion, OutsideResult>(), ReferenceEqualityComparer.Instance);
        foreach (var (assertion, result) in compared)
        {
            found[assertion] = result;
        }

        return mode == PromptfooMode.Strict || compared.Any(static each => each.Result.Missing is not null)
            ? Grader.Of(test, vars, answer, mode, found, transformed)
            : compared.Aggregate(alone, static (grade, each) => Merged(grade, each.Assertion, each.Result));
    }

    private static Grade Merged(Grade grade, PromptfooAssertion assertion, OutsideResult result)
    {
        var won = result.Pass == true;
        var named = new SortedDictionary<string, double>(grade.NamedScores.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        var weights = grade.NamedWeights.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, score) in result.NamedScores)
        {
            (named[name], weights[name]) = (score, 1);
        }

        return grade with
        {
            Pass = grade.Pass && won,
            Score = won ? grade.Score : 0,
            Reason = won || !grade.Pass ? grade.Reason : result.Reason,
            NamedScores = named,
            NamedWeights = weights,
            Components = [.. grade.Components, new Grade { Pass = won, Score = won ? 1 : 0, Reason = result.Reason, Assertion = assertion, NamedScores = result.NamedScores }],
        };
    }
}
