using System.Globalization;
using ModelMigrate.Core.Suites.Outcomes;

namespace ModelMigrate.Control.Evaluation.Suites.Reports;

/// <summary>Words that every report of suites has in common.</summary>
public static class SuiteFigures
{
    public static string Word(CaseResult each) => each.Outcome switch
    {
        CaseOutcome.Pass => each.Flaky ? "FLAKY" : "pass",
        CaseOutcome.Fail => "FAIL",
        CaseOutcome.Inconclusive => "open",
        CaseOutcome.Error => "ERROR",
        CaseOutcome.Refused => "REFUSED",
    };

    /// <summary>What was seen, with how many tries passed when there were several.</summary>
    public static string Reason(CaseResult each) => string.Join(". ", new[] { each.Flaky ? $"Passes sometimes: {each.Share}" : each.Share, each.Reason }.Where(static text => text.Length > 0));

    public static string Sum(SuiteReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Passed} passed, {report.Failed} failed, {report.Errors} errors{Some(report.Inconclusive, "inconclusive")}{Some(report.Refused, "refused")}{Some(report.Flaky, "flaky")} of {report.Cases.Count} cases in {report.Seconds:0.0} s{(report.LeftOut > 0 ? $"; a filter left out {report.LeftOut}" : "")}.");

    private static string Some(int count, string what) => count > 0 ? string.Create(CultureInfo.InvariantCulture, $", {count} {what}") : "";
}
