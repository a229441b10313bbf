using System.Globalization;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Core.Configuration.Changes;

/// <summary>Says what the file asks of a migration that the running one, with the specification it was started with, does not do.</summary>
public static class ConfigDiff
{
    /// <summary>One sentence for each difference, in the file's words; empty when there is none.</summary>
    /// <param name="running">What the migration was started with.</param>
    /// <param name="declared">What the file makes of the same migration now.</param>
    public static IReadOnlyList<string> Compare(RolloutSpec running, RolloutSpec declared)
    {
        var changes = new List<(string What, string From, string To)>();
        void Add(string what, string from, string to)
        {
            if (!string.Equals(from, to, StringComparison.Ordinal))
            {
                changes.Add((what, from, to));
            }
        }

        Add("route", running.Route.Value, declared.Route.Value);
        Add("source", running.Source.Value, declared.Source.Value);
        Add("to", running.Target.Value, declared.Target.Value);
        if (running.Source == declared.Source && running.Target == declared.Target)
        {
            Add("models' settings", running.Fingerprint, declared.Fingerprint);
        }

        Add("strategy", running.Strategy, declared.Strategy);
        Add("steps", Steps(running), Steps(declared));
        Add("maxHold", Quantity.Text(running.MaxHold), Quantity.Text(declared.MaxHold));
        Add("alpha", Number(running.Alpha), Number(declared.Alpha));
        Add("promoteAlpha", Number(running.PromoteAlpha), Number(declared.PromoteAlpha));
        Add("exposureBudget", Budget(running), Budget(declared));
        Add("holdBack", Share(running.HoldBackPpm), Share(declared.HoldBackPpm));
        Add("watch", Quantity.Text(running.Watch), Quantity.Text(declared.Watch));
        Add("onRegression", Word(running.OnRegression), Word(declared.OnRegression));
        Add("inFlight", Word(running.InFlight), Word(declared.InFlight));
        AddNamed("gate", running.Gates, declared.Gates, gate => gate.Name, Gate, Add);
        AddNamed("hard stop", running.HardStops, declared.HardStops, stop => stop.Name, HardStop, Add);
        return [.. changes.Select(change => $"{change.What}: {change.From} -> {change.To} (pending, takes effect with: model-migrate migrations retry {running.Id})")];
    }

    private static void AddNamed<T>(
        string kind, IReadOnlyList<T> running, IReadOnlyList<T> declared, Func<T, string> name, Func<T, string> text, Action<string, string, string> add)
        where T : class
    {
        foreach (var each in running.Concat(declared).Select(name).Distinct(StringComparer.Ordinal))
        {
            var from = running.FirstOrDefault(item => string.Equals(name(item), each, StringComparison.Ordinal));
            var to = declared.FirstOrDefault(item => string.Equals(name(item), each, StringComparison.Ordinal));
            add($"{kind} {each}", from is null ? "none" : text(from), to is null ? "none" : text(to));
        }
    }

    private static string Steps(RolloutSpec spec) => $"[{string.Join(", ", spec.Steps.Select(Step))}]";

    private static string Step(RolloutStep step) =>
        $"{Share(step.WeightPpm)} for {Quantity.Text(step.Hold)} at margin x{Number(step.MarginFactor)}{(step.Approval ? " with approval" : "")}";

    private static string Gate(GateSpec gate) =>
        $"{gate.Metric}{(gate.Check is { } check ? $" {check}" : "")}{(gate.Unit == GateUnit.Key ? " by key" : "")} margin {(MetricTraits.IsRate(gate.Metric) ? Number(gate.Margin * 100) + "pp" : Number(gate.Margin))} "
        + $"tolerance {Number(gate.Tolerance)} share {Number(gate.AlphaShare)}{(gate.Required ? "" : " not required")}"
        + (gate.NoData == NoDataPolicy.Hold ? "" : $" noData {Word(gate.NoData)}") + (gate.NoDataGrace is { } grace ? $" after {Quantity.Text(grace)}" : "")
        + (gate.OnRegression is { } policy ? $" onRegression {Word(policy)}" : "");

    private static string HardStop(HardStopSpec stop) => $"{stop.Words()}, cooldown {Quantity.Text(stop.Cooldown)}";

    private static string Budget(RolloutSpec spec) => spec.ExposureBudget?.ToString(CultureInfo.InvariantCulture) ?? "no limit";

    private static string Share(int ppm) => Quantity.Percent((double)ppm / SplitSnapshot.Total);

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
