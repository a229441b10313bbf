using System.Globalization;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Timing;

namespace ModelMigrate.Control.Evaluation.Load;

/// <summary>Whether a load held lines. A line is held against the value itself, once there are enough requests for the value to be one of many.</summary>
/// <param name="Verdict">Refused when the load did not run; else fail when one line fails, inconclusive when one is; pass without lines.</param>
/// <param name="Lines">In the order in which they are written.</param>
public sealed record LoadCheck(GateVerdict Verdict, IReadOnlyList<LoadCheckLine> Lines)
{
    public static LoadCheck Of(LoadReport report, LoadThresholds thresholds)
    {
        var lines = new List<LoadCheckLine>();
        if (thresholds.MinSuccess is { } share)
        {
            var seen = report.SuccessRate is { } rate ? Text($"{report.Answered} of {report.Requests} requests were answered ({rate:0.#### %})") : "No request came";
            lines.Add(Line(Text($"success >= {share:0.######}"), report.Requests, share < 1 ? Rare(1 - share) : 1, report.SuccessRate >= share, seen));
        }

        lines.AddRange(thresholds.MaxLatency.Select(line => Of("p", line.Key, line.Value, report.Latency, report.Requests)));
        lines.AddRange(thresholds.MaxFirstToken.Select(line => Of("first token p", line.Key, line.Value, report.FirstToken, report.Requests)));
        if (thresholds.MinGoodput is { } goodput)
        {
            lines.Add(Line(Text($"goodput >= {goodput:0.###}"), report.Requests, 1, report.Goodput >= goodput, Text($"Good answers came at {report.Goodput:0.###} a second")));
        }

        var verdict = report.End is RunEndKind.Unreachable || report.Requests == 0 ? GateVerdict.Refused
            : lines.Exists(static line => line.Verdict == GateVerdict.Fail) ? GateVerdict.Fail
            : report.End != RunEndKind.Whole || lines.Exists(static line => line.Verdict == GateVerdict.Inconclusive) ? GateVerdict.Inconclusive
            : GateVerdict.Pass;
        return new LoadCheck(verdict, lines);
    }

    private static LoadCheckLine Of(string name, double share, TimeSpan most, IReadOnlyList<PercentileFigure> figures, long requests)
    {
        var figure = figures.First(each => each.Share == share);
        var what = Text($"{name}{100 * share:0.#}");
        return Line(
            Text($"{what} <= {most.TotalMilliseconds:0.###} ms"), requests, Rare(1 - share), figure is { IsAtLeast: false, Ms: { } ms } && ms <= most.TotalMilliseconds,
            Text($"{what} is {(figure.IsAtLeast ? "≥ " : "")}{figure.Ms:0.###} ms"));
    }

    private static LoadCheckLine Line(string threshold, long requests, long needed, bool holds, string seen) => requests < needed
        ? new(threshold, GateVerdict.Inconclusive, Text($"{seen}: {requests} requests are too few for {threshold}, it takes {needed}."))
        : new(threshold, holds ? GateVerdict.Pass : GateVerdict.Fail, $"{seen}: {(holds ? "holds" : "breaks")} {threshold}.");

    /// <summary>Requests of which one is that rare: with fewer, the value is the largest of all and moves with each.</summary>
    private static long Rare(double share) => (long)Math.Ceiling((1 / share) - 1e-6);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
