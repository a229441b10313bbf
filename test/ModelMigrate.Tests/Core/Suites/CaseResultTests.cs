using ModelMigrate.Core.Suites;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Core.Suites.Smoke;

namespace ModelMigrate.Tests.Core.Suites;

/// <summary>How tries become the outcome of a case, and cases that of a run.</summary>
public sealed class CaseResultTests
{
    /// <summary>P, F, E, I, R: what each try came to.</summary>
    [Theory]
    [InlineData("P", 0, CaseOutcome.Pass, false)]
    [InlineData("PPP", 0, CaseOutcome.Pass, false)]
    [InlineData("PFP", 1, CaseOutcome.Pass, true)]
    [InlineData("PFP", 0, CaseOutcome.Fail, true)]
    [InlineData("FFP", 1, CaseOutcome.Fail, true)]
    [InlineData("FFF", 2, CaseOutcome.Fail, false)]
    [InlineData("PEP", 1, CaseOutcome.Pass, true)]
    [InlineData("PEP", 0, CaseOutcome.Error, true)]
    [InlineData("FEP", 1, CaseOutcome.Error, true)]
    [InlineData("EEE", 0, CaseOutcome.Error, false)]
    [InlineData("FEE", 0, CaseOutcome.Fail, false)]
    [InlineData("I", 0, CaseOutcome.Inconclusive, false)]
    [InlineData("IFP", 1, CaseOutcome.Inconclusive, true)]
    [InlineData("PPR", 2, CaseOutcome.Refused, true)]
    public void Of_Tries_SumsThem(string tries, int allowed, CaseOutcome expected, bool isFlaky)
    {
        var result = Result(tries, allowed);

        Assert.Equal((expected, isFlaky, tries.Count(static letter => letter == 'P')), (result.Outcome, result.Flaky, result.Passed));
        Assert.NotEmpty(result.Reason);
    }

    [Theory]
    [InlineData("PP", CaseOutcome.Pass)]
    [InlineData("PI", CaseOutcome.Inconclusive)]
    [InlineData("IF", CaseOutcome.Fail)]
    [InlineData("FE", CaseOutcome.Error)]
    [InlineData("ER", CaseOutcome.Refused)]
    [InlineData("", CaseOutcome.Refused)]
    public void Outcome_OfARun_IsItsWorst(string cases, CaseOutcome expected) => Assert.Equal(
        expected, new SuiteReport { StartedAt = DateTimeOffset.UnixEpoch, Seconds = 0, Cases = [.. cases.Select(static letter => Result(letter.ToString(), allowed: 0))] }.Outcome);

    private static CaseResult Result(string tries, int allowed)
    {
        var suite = SmokeSuite.Alone();
        var each = suite.Cases[0] with { Terms = new CaseTerms { Repeat = Math.Max(1, tries.Length), AllowedFailures = allowed } };
        return CaseResult.Of(suite, each, [.. tries.Select(static letter => new TryResult(letter switch
        {
            'P' => CaseOutcome.Pass, 'F' => CaseOutcome.Fail, 'E' => CaseOutcome.Error, 'I' => CaseOutcome.Inconclusive, _ => CaseOutcome.Refused,
        }, $"It was {letter}."))]);
    }
}
