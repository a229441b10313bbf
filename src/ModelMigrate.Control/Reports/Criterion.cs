using System.Globalization;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Reports;

/// <summary>One success criterion of the target, measured live.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Measured">What was measured, or why nothing was.</param>
/// <param name="Status"><c>met</c>, <c>not_met</c> or <c>not_yet</c>.</param>
internal sealed record Criterion(string Name, string Measured, string Status)
{
    private const double MostErrors = 0.01;
    private const double MostP50 = 1.1;
    private const double MostP99 = 1.2;

    /// <summary>Below this a share of 1 % says nothing.</summary>
    private const long LeastRequests = 100;

    public static IReadOnlyList<Criterion> Of(ArmView arm, ModelView? target) =>
    [
        arm.Ended < LeastRequests
            ? new("error rate below 1%", TooFew(arm), "not_yet")
            : new("error rate below 1%", Text($"{arm.ErrorRate * 100:0.##}% of {arm.Ended} requests"), arm.ErrorRate < MostErrors ? "met" : "not_met"),
        Latency("p50", MostP50, arm.P50Ms, target?.P50Ms, arm),
        Latency("p99", MostP99, arm.P99Ms, target?.P99Ms, arm),
    ];

    private static Criterion Latency(string name, double factor, double? measured, double? catalog, ArmView arm)
    {
        var asked = Text($"{name} below {factor:0.0} x the target's catalog value");
        return catalog is not > 0 ? new(asked, $"the catalog has no {name}Ms for {arm.Model}", "not_yet")
            : arm.Ended < LeastRequests || measured is null ? new(asked, TooFew(arm), "not_yet")
            : new(asked, Text($"{measured:0} ms against {catalog:0} ms, {measured / catalog:0.00} x"), measured < factor * catalog ? "met" : "not_met");
    }

    private static string TooFew(ArmView arm) => Text($"{arm.Ended} of {LeastRequests} requests needed");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
