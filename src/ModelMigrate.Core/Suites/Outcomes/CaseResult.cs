using System.Globalization;
using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Suites.Outcomes;

/// <summary>What came of a case over all its tries.</summary>
public sealed record CaseResult
{
    public required string Suite { get; init; }

    public required string Name { get; init; }

    public required SuiteLevel Level { get; init; }

    public required SuiteTier Tier { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The line of the file, or null for a built-in case.</summary>
    public int? Line { get; init; }

    public required CaseOutcome Outcome { get; init; }

    /// <summary>Passes sometimes: some tries passed and some did not, whatever the outcome is.</summary>
    public required bool Flaky { get; init; }

    /// <summary>Tries that passed.</summary>
    public required int Passed { get; init; }

    /// <summary>Of the tries that decided, each sentence once.</summary>
    public required string Reason { get; init; }

    public required IReadOnlyList<TryResult> Tries { get; init; }

    /// <summary>Of all tries together.</summary>
    [JsonIgnore]
    public double Milliseconds => Tries.Sum(static each => each.Milliseconds);

    [JsonIgnore]
    public string Id => $"{Suite}/{Name}";

    /// <summary>How many of its tries passed, in words; empty for a single one.</summary>
    [JsonIgnore]
    public string Share => Tries.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Passed} of {Tries.Count} tries passed");

    /// <summary>
    /// Sums tries. What the case itself got wrong beats all; then more failures than it may have, then more tries without an answer: a provider that is not there says
    /// nothing against the model. What passes only by its allowance passes as flaky.
    /// </summary>
    public static CaseResult Of(Suite suite, SuiteCase each, IReadOnlyList<TryResult> tries)
    {
        var (passed, failed, open) = (Count(CaseOutcome.Pass), Count(CaseOutcome.Fail), Count(CaseOutcome.Inconclusive));
        var outcome = Count(CaseOutcome.Refused) > 0 ? CaseOutcome.Refused
            : failed > each.Terms.AllowedFailures ? CaseOutcome.Fail
            : failed + open > each.Terms.AllowedFailures ? CaseOutcome.Inconclusive
            : tries.Count - passed > each.Terms.AllowedFailures ? CaseOutcome.Error
            : CaseOutcome.Pass;
        var isFlaky = passed > 0 && passed < tries.Count;
        var telling = tries.Where(one => outcome switch
        {
            CaseOutcome.Pass => !isFlaky || one.Outcome != CaseOutcome.Pass,
            CaseOutcome.Error => one.Outcome != CaseOutcome.Pass,
            CaseOutcome.Fail or CaseOutcome.Inconclusive or CaseOutcome.Refused => one.Outcome == outcome || (outcome == CaseOutcome.Inconclusive && one.Outcome == CaseOutcome.Fail),
        });
        return new CaseResult
        {
            Suite = suite.Name, Name = each.Name, Level = suite.Level, Tier = suite.Tier, Tags = each.Terms.Tags, Line = each.Line, Outcome = outcome, Flaky = isFlaky, Passed = passed, Tries = tries,
            Reason = string.Join(' ', telling.Select(static each => each.Reason).Distinct(StringComparer.Ordinal)),
        };

        int Count(CaseOutcome which) => tries.Count(one => one.Outcome == which);
    }
}
