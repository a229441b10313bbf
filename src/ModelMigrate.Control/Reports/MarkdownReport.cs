using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Reports;

/// <summary>Writes a report as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Write(MigrationReport report)
    {
        var text = new StringBuilder();
        Line(text, $"# Migration {report.MigrationId}\n");
        Line(text, $"Route `{report.Route}` from `{report.SourceArm.Model}` to `{report.TargetArm.Model}`: **{report.Outcome}**, target at {report.Weight * 100:0.##}%.");
        Line(text, $"{Cell(report.Reason)}\n");
        Line(text, $"- written {Time(report.GeneratedAt)}, attempt {report.Attempt}, specification {report.SpecHash}");
        Line(text, $"- started {Time(report.StartedAt)}, ended {Time(report.EndedAt)}; target {Proof(report)}");
        Models(text, report);
        Arms(text, report);
        Line(text, $"\nEvidence stands as the power of ten that it reached, of the one that it needs: harm rolls back, promotion is shown at the final margin.");
        Needs(text, report);
        Stops(text, report);
        HardStops(text, report);
        Traffic(text, report);
        Table(text, "Success criteria", ["criterion", "measured", "status"], report.Criteria.Select(each => new[] { each.Name, each.Measured, each.Status.Replace('_', ' ') }));
        Table(text, "Risks", ["level", "risk"], report.Risks.Select(each => new[] { each.Level, each.Text }));
        Table(
            text, "Timeline", ["time", "what", "who", "from → to", "target", "evidence", "why"],
            report.Timeline.Select(each => new[]
            {
                Time(each.At), each.Kind, each.Actor, $"{each.From} → {each.To}", Share(each.Weight), Evidence(each.Evidence), each.Reason,
            }));
        if (report.PendingChanges.Count > 0)
        {
            Line(text, $"\n## Pending changes of the file\n");
            foreach (var change in report.PendingChanges)
            {
                Line(text, $"- {Cell(change)}");
            }
        }

        return text.ToString();
    }

    // A person may promote what no gate proved.
    private static string Proof(MigrationReport report) => !report.TargetProven ? "not proven"
        : report.Timeline.LastOrDefault(entry => entry.Kind == Core.Rollouts.DecisionKind.Promoting) is { Actor: not "judge" } promoted ? $"taken on the word of {Cell(promoted.Actor)}"
        : "proven";

    private static void Models(StringBuilder text, MigrationReport report)
    {
        string[] Row(string name, Func<ModelView, object?> value) => [name, Value(report.Source, value), Value(report.Target, value)];
        Table(text, "Models", ["", "source", "target"],
        [
            Row("id", m => m.Id), Row("provider", m => m.Provider), Row("protocol", m => m.Protocol), Row("name", m => m.Name), Row("version", m => m.Version),
            Row("context length", m => m.ContextLength), Row("longest answer", m => m.MaxOutputTokens),
            Row("$ per 1k input tokens", m => m.InputCostPer1k), Row("$ per 1k output tokens", m => m.OutputCostPer1k),
            Row("catalog p50 ms", m => m.P50Ms), Row("catalog p99 ms", m => m.P99Ms),
            Row("capabilities", m => m.Capabilities.Count == 0 ? null : string.Join(", ", m.Capabilities)),
        ]);
    }

    private static void Arms(StringBuilder text, MigrationReport report)
    {
        string[] Row(string name, Func<ArmView, string> value) => [name, value(report.SourceArm), value(report.TargetArm)];
        Table(text, "Arms", ["", "source", "target"],
        [
            Row("requests", a => Number(a.Admitted)), Row("ended", a => Number(a.Ended)), Row("failures", a => Number(a.Failures)),
            Row("error rate", a => Share(a.ErrorRate)), Row("p50 ms", a => Number(a.P50Ms)), Row("p90 ms", a => Number(a.P90Ms)),
            Row("p95 ms", a => Number(a.P95Ms)), Row("p99 ms", a => Number(a.P99Ms)), Row("first token p50 ms", a => Number(a.FirstTokenP50Ms)),
            Row("input tokens", a => Number(a.InputTokens)), Row("output tokens", a => Number(a.OutputTokens)), Row("cost $", a => Number((double?)a.Cost, "0.######")),
        ]);
        Table(
            text, "Gates", ["gate", "verdict", "source", "target", "difference (95 %)", "harm", "promotion", "α"],
            report.Gates.Select(gate => new[]
            {
                gate.Name + (gate.Required ? "" : " (watched)"),
                gate.Verdict.Replace('_', ' ') + (gate.Note is null ? "" : $" ({gate.Note})"),
                Seen(gate, gate.SourceEvents, gate.SourceTrials, gate.SourceMean), Seen(gate, gate.TargetEvents, gate.TargetTrials, gate.TargetMean), Interval(gate),
                $"{Power(gate.HarmLog10)} of {Power(gate.HarmNeeded)}", $"{Power(gate.PromoteLog10)} of {Power(gate.PromoteNeeded)}", Number(gate.Alpha, "0.######"),
            }));
    }

    private static void Needs(StringBuilder text, MigrationReport report)
    {
        foreach (var gate in report.Gates)
        {
            Line(text, $"\n### Gate {Cell(gate.Name)}\n");
            foreach (var sentence in gate.Explanation)
            {
                Line(text, $"- {Cell(sentence)}");
            }
        }
    }

    private static void Stops(StringBuilder text, MigrationReport report)
    {
        if (report.StopRules.Count == 0)
        {
            return;
        }

        Line(text, $"\n## Hard stops\n");
        foreach (var rule in report.StopRules)
        {
            Line(text, $"- {Cell(rule)}");
        }

        if (report.StopsFired.Count > 0)
        {
            Table(
                text, "Hard stops that fired", ["time", "rule", "value", "threshold", "window s", "samples", "compared with"],
                report.StopsFired.Select(stop => new[]
                {
                    Time(stop.At), stop.Name, Number(stop.Value, "0.####"), Number(stop.Threshold, "0.####"), Number(stop.WindowSeconds, "0"),
                    Number(stop.Samples), stop.RelativeToSource ? "the source" : "nothing: absolute",
                }));
        }
    }

    private static void HardStops(StringBuilder text, MigrationReport report)
    {
        if (report.HardStops is not { } stops)
        {
            return;
        }

        Line(text, $"\n## Absolute hard stops\n");
        foreach (var line in stops.Lines)
        {
            Line(text, $"- {Cell(char.ToUpperInvariant(line[0]) + line[1..])}");
        }
    }

    private static void Traffic(StringBuilder text, MigrationReport report)
    {
        Line(text, $"\n## Exposure\n");
        Line(text, $"- {report.Exposed} of {report.Assigned} requests met the target, {report.Assigned - report.Exposed} stayed on the source");
        Line(text, $"- {report.TargetArm.Failures} of them failed there; {report.Rescued} of those were rescued, so that the user saw a success");
        Line(text, $"- {report.UserErrors} errors were seen by users, {report.SourceArm.UserErrors} of them on the source");
        if (report.ExposureBudget is { } budget)
        {
            Line(text, $"- {report.ExposureSpent} of the exposure budget of {budget} are journalled as spent");
        }

        Line(text, $"- {report.EvidenceGapSeconds:0} s of traffic are in neither arm's evidence");
    }

    private static void Table(StringBuilder text, string title, string[] head, IEnumerable<string[]> rows)
    {
        var lines = rows.ToList();
        Line(text, $"\n## {title}\n");
        if (lines.Count == 0)
        {
            Line(text, $"None.");
            return;
        }

        Line(text, $"| {string.Join(" | ", head)} |");
        Line(text, $"|{string.Concat(Enumerable.Repeat("---|", head.Length))}");
        foreach (var line in lines)
        {
            Line(text, $"| {string.Join(" | ", line.Select(Cell))} |");
        }
    }

    private static string Interval(ReportGate gate) => gate.Difference is not { } difference
        ? "–"
        : gate.Unit == "share"
            ? $"{Points(difference)} [{Points(gate.DifferenceLow)}, {Points(gate.DifferenceHigh)}]{(gate.IntervalIsReliable ? "" : " (under 50 events)")}"
            : $"{Plain(gate, difference)} [{Plain(gate, gate.DifferenceLow)}, {Plain(gate, gate.DifferenceHigh)}]{(gate.IntervalIsReliable ? "" : " (under 50 pairs)")}";

    private static string Plain(ReportGate gate, double? value) => value is not { } v ? "–"
        : gate.Unit == "ratio" ? string.Create(CultureInfo.InvariantCulture, $"{v:0.###} times")
        : string.Create(CultureInfo.InvariantCulture, $"{v:+0.000;-0.000;0.000}");

    private static string Seen(ReportGate gate, long events, long trials, double? mean) => mean is { } value && gate.Metric != "preference"
        ? string.Create(CultureInfo.InvariantCulture, $"mean {value:0.###} of {trials} pairs")
        : $"{events} of {trials}";

    // The journal keeps the evidence whole; an entry of another shape is left to the JSON report.
    private static string Evidence(JsonElement? evidence)
    {
        if (evidence is not { ValueKind: JsonValueKind.Object } whole || !whole.TryGetProperty("gates", out var gates) || gates.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        return string.Join("; ", gates.EnumerateArray().Select(gate =>
            $"{Field(gate, "name")}: {Field(gate, "target_events")} of {Field(gate, "target_exposures")} against {Field(gate, "source_events")} of {Field(gate, "source_exposures")}, "
            + $"harm {Power(gate, "harm_log10")} of {Power(gate, "harm_needed_log10")}, promotion {Power(gate, "promote_log10")} of {Power(gate, "promote_needed_log10")}, "
            + $"α {(gate.TryGetProperty("harm_alpha", out var alpha) ? Number(alpha.GetDouble(), "0.####") : "–")}"));
    }

    private static string Field(JsonElement gate, string name) => gate.TryGetProperty(name, out var value) ? value.ToString() : "–";

    private static string Power(JsonElement gate, string name) =>
        gate.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? Power(value.GetDouble()) : "–";

    // Adding zero turns a rounded -0 into 0.
    private static string Power(double log10) => string.Create(CultureInfo.InvariantCulture, $"10^{Math.Round(log10, 2) + 0.0:0.00}");

    private static string Points(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:+0.00;-0.00;0.00}pp") : "–";

    private static string Share(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##}%") : "–";

    private static string Number(double? value, string format = "0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    private static string Value(ModelView? model, Func<ModelView, object?> value) =>
        model is null ? "–" : Convert.ToString(value(model), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "–";

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "–";

    // Reasons are written by people: they must not break the table or become markup.
    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
