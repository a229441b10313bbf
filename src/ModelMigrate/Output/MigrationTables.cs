using System.Globalization;
using ModelMigrate.Core.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ModelMigrate.Output;

/// <summary>Migrations as people read them.</summary>
internal static class MigrationTables
{
    public static IRenderable List(IEnumerable<MigrationSummary> migrations)
    {
        var table = Grid("id", "route", "source", "target", "phase", "weight", "attempt", "since", "reason");
        foreach (var m in migrations)
        {
            Row(table, m.Id, m.Route, m.Source, m.Target, m.Phase, Percent(m.Weight), m.Attempt.ToString(CultureInfo.InvariantCulture), Time(m.Since), m.Reason);
        }

        return table;
    }

    /// <summary>One migration whole: where it stands, both arms, the gates, what it waits for.</summary>
    public static IRenderable Detail(MigrationDetail m)
    {
        var lines = new List<IRenderable>
        {
            new Text($"{m.Id}  {m.Route}: {m.Source} -> {m.Target}   {m.Phase}{(m.Phase.EndsWith(')') ? $" of {m.Steps}" : "")}, {Percent(m.Weight)} on the target, attempt {m.Attempt}{(m.Since is null ? "" : $", since {Time(m.Since)}")}"),
        };
        if (m.Reason.Length > 0)
        {
            lines.Add(new Text(m.Reason));
        }

        lines.Add(Arms(m));
        if (m.Gates.Count > 0)
        {
            lines.Add(Gates(m.Gates));
        }

        lines.AddRange(m.Gates.Where(gate => gate.Required || gate.HarmLog10 > 0).SelectMany(gate => gate.Explanation.Skip(1).Select(line => new Text($"{gate.Gate}: {line}"))));
        lines.AddRange(m.StopRules.Select(rule => new Text($"Hard stop {rule}")));
        if (m.ExposureBudget is { } budget)
        {
            lines.Add(new Text($"Exposure: {m.ExposureSpent} of {budget} requests may have met the unproven target."));
        }

        lines.AddRange((m.HardStops?.Lines ?? []).Select(line => new Text(char.ToUpperInvariant(line[0]) + line[1..])));
        lines.AddRange(m.Blockers.Select(blocker => new Text($"Waiting: {blocker}")));
        lines.AddRange(m.PendingChanges.Select(change => new Text($"Changed in the file: {change}")));
        if (m.Verbs.Count > 0)
        {
            lines.Add(new Text($"Possible now: {string.Join(", ", m.Verbs)}"));
        }

        return new Rows(lines);
    }

    public static IRenderable Arms(MigrationDetail m)
    {
        var table = Grid("arm", "model", "requests", "failures", "error rate", "rescued", "user errors", "p50", "p95", "p99", "cost");
        foreach (var (name, arm) in new[] { ("source", m.SourceArm), ("target", m.TargetArm) })
        {
            Row(table, name, arm.Model, Count(arm.Admitted), Count(arm.Failures), arm.ErrorRate is { } rate ? Percent(rate) : "-", Count(arm.Rescued),
                Count(arm.UserErrors), Milliseconds(arm.P50Ms), Milliseconds(arm.P95Ms), Milliseconds(arm.P99Ms),
                arm.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $"${cost:0.0000}") : "-");
        }

        return table;
    }

    /// <summary>Evidence is shown as the power of ten that it reached, of the one that is needed.</summary>
    public static IRenderable Gates(IEnumerable<GateView> gates)
    {
        var table = Grid("gate", "verdict", "margin", "source events", "target events", "evidence to promote", "to roll back", "note");
        foreach (var gate in gates)
        {
            Row(table, gate.Gate, gate.Verdict, Margin(gate), Seen(gate, gate.SourceEvents, gate.SourceTrials, gate.SourceMean), Seen(gate, gate.TargetEvents, gate.TargetTrials, gate.TargetMean),
                Power(gate.PromoteLog10, gate.PromoteNeeded), Power(gate.HarmLog10, gate.HarmNeeded), gate.Note ?? "");
        }

        return table;
    }

    public static IRenderable Events(IEnumerable<EventView> events)
    {
        var table = Grid("at", "who", "what", "from", "to", "weight", "reason");
        foreach (var e in events)
        {
            Row(table, Time(e.At), e.Actor, e.Kind, e.From, e.To, Percent(e.Weight), e.Reason);
        }

        return table;
    }

    /// <summary>One line for a log or pipe.</summary>
    public static string Line(MigrationDetail m)
    {
        var gates = string.Join(' ', m.Gates.Select(g => $"{g.Gate}(good {Evidence(g.PromoteLog10)}/{Evidence(g.PromoteNeeded)}, bad {Evidence(g.HarmLog10)}/{Evidence(g.HarmNeeded)})"));
        return $"{m.Phase,-14} {Percent(m.Weight),7}  source {m.SourceArm.Failures}/{m.SourceArm.Admitted} p50 {Milliseconds(m.SourceArm.P50Ms)} p95 {Milliseconds(m.SourceArm.P95Ms)}"
            + $"  target {m.TargetArm.Failures}/{m.TargetArm.Admitted} p50 {Milliseconds(m.TargetArm.P50Ms)} p95 {Milliseconds(m.TargetArm.P95Ms)}  {gates}";
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static Table Grid(params string[] headers)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(header));
        }

        return table;
    }

    // Text, not markup: a reason may hold brackets.
    private static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    // Adding zero turns a rounded -0 into 0.
    private static string Evidence(double log10) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(log10, 1) + 0.0:0.0}");

    private static string Power(double reached, double needed) => $"10^{Evidence(reached)} of 10^{Evidence(needed)}";

    private static string Margin(GateView gate) => gate.Metric switch
    {
        "error_rate" or "throttling_rate" or "check_failure_rate" => string.Create(CultureInfo.InvariantCulture, $"+{gate.Margin * 100:0.###} pp"),
        "quality" or "satisfaction" => string.Create(CultureInfo.InvariantCulture, $"-{gate.Margin:0.###}"),
        "latency" or "first_token" => string.Create(CultureInfo.InvariantCulture, $"+{gate.Margin * 100:0.###} pp"),
        "preference" => string.Create(CultureInfo.InvariantCulture, $"-{gate.Margin * 100:0.###} pp"),
        _ => string.Create(CultureInfo.InvariantCulture, $"x{gate.Margin:0.###}"),
    };

    private static string Seen(GateView gate, long events, long trials, double? mean) => mean is { } value && gate.Metric != "preference"
        ? string.Create(CultureInfo.InvariantCulture, $"{value:0.###} mean of {trials}")
        : $"{events}/{trials}";

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(double? value) => value is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms:0} ms") : "-";

    private static string Time(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
