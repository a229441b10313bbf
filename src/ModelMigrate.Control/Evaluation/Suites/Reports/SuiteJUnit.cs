using System.Globalization;
using ModelMigrate.Control.Evaluation.Reports;
using ModelMigrate.Core.Suites.Outcomes;
using ModelMigrate.Core.Suites.Reading;

namespace ModelMigrate.Control.Evaluation.Suites.Reports;

/// <summary>Writes a run of suites as JUnit XML. Inconclusive is a failure of that type; a case that passes sometimes and may has its failures as <c>flakyFailure</c>.</summary>
public static class SuiteJUnit
{
    public static string Write(SuiteReport report) => JUnitXml.Write(
    [
        .. report.Cases.GroupBy(static each => each.Suite, StringComparer.Ordinal).Select(suite => new JUnitSuite(
            suite.Key, suite.Sum(static each => each.Milliseconds) / 1000,
            [
                ("file", report.File), ("model", report.Model), ("source", report.Source), ("level", SuiteWords.Of(suite.First().Level)), ("tier", SuiteWords.Of(suite.First().Tier)),
                ("flaky", suite.Count(static each => each.Flaky).ToString(CultureInfo.InvariantCulture)),
            ],
            [.. suite.Select(Case)])),
    ]);

    private static JUnitCase Case(CaseResult each)
    {
        var (kind, type) = each.Outcome switch
        {
            CaseOutcome.Pass => ((string?)null, ""),
            CaseOutcome.Fail => ("failure", each.Flaky ? "flaky" : "failed"),
            CaseOutcome.Inconclusive => ("failure", "inconclusive"),
            CaseOutcome.Error => ("error", "error"),
            CaseOutcome.Refused => ("error", "refused"),
        };
        var detail = string.Join('\n', each.Tries.Where(static one => one.Outcome != CaseOutcome.Pass).Select(static one => one.Answer is { } answer ? $"{one.Reason}\nThe answer: {answer}" : one.Reason));
        return new JUnitCase(each.Suite, each.Name, kind, type, SuiteFigures.Reason(each), detail)
        {
            Seconds = each.Milliseconds / 1000, Flaky = each is { Outcome: CaseOutcome.Pass, Flaky: true } ? [.. each.Tries.Where(static one => one.Outcome != CaseOutcome.Pass).Select(static one => one.Reason)] : [],
        };
    }
}
