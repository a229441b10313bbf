using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>One method in one scenario at one rate, over all repetitions.</summary>
internal sealed record Cell
{
    public required string Scenario { get; init; }

    public required ScenarioKind Kind { get; init; }

    public required double Rate { get; init; }

    public required string Method { get; init; }

    public required int Repetitions { get; init; }

    public required int RolledBack { get; init; }

    public required int Promoted { get; init; }

    /// <summary>Requests that had met the target at the rollback, among the repetitions rolled back; not a number without any.</summary>
    public required double MedianExposed { get; init; }

    public required double P95Exposed { get; init; }

    /// <summary>
    /// Mean of the requests that met the target before the rollback and within <see cref="Schedule.Horizon"/>; without a rollback, all of
    /// that time. A method that holds an undecided step exposes fewer than the schedule.
    /// </summary>
    public required double MeanExposed { get; init; }

    /// <summary>Seconds from the onset of the harm to the rollback, among the repetitions rolled back after it.</summary>
    public required double MedianDelay { get; init; }

    /// <summary>Seconds to the promotion, among the repetitions promoted.</summary>
    public required double MedianPromotion { get; init; }

    /// <summary>Cumulative share rolled back at the end of every minute of the horizon.</summary>
    public required IReadOnlyList<double> RolledBackBy { get; init; }

    public double RollbackRate => RolledBack / (double)Repetitions;

    public double PromotionRate => Promoted / (double)Repetitions;

    public static Cell Of(Scenario scenario, double rate, string method, Trial[] trials)
    {
        var rolledBack = trials.Where(t => t.IsRolledBack).ToList();
        return new Cell
        {
            Scenario = scenario.Name,
            Kind = scenario.Kind,
            Rate = rate,
            Method = method,
            Repetitions = trials.Length,
            RolledBack = rolledBack.Count,
            Promoted = trials.Count(t => t.IsPromoted),
            MedianExposed = Quantile(rolledBack.Select(t => (double)t.Exposed), 0.5),
            P95Exposed = Quantile(rolledBack.Select(t => (double)t.Exposed), 0.95),
            MeanExposed = trials.Average(t => t.ExposedInTime),
            MedianDelay = Quantile(rolledBack.Where(t => t.RolledBackAt >= scenario.Onset).Select(t => t.RolledBackAt - scenario.Onset), 0.5),
            MedianPromotion = Quantile(trials.Where(t => t.IsPromoted).Select(t => t.PromotedAt), 0.5),
            RolledBackBy = [.. Enumerable.Range(1, (int)Schedule.Horizon / 60).Select(m => trials.Count(t => t.RolledBackAt <= m * 60) / (double)trials.Length)],
        };
    }

    private static double Quantile(IEnumerable<double> values, double quantile)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
