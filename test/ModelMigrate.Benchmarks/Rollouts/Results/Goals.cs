using ModelMigrate.Benchmarks.Rollouts.Traffic;
using ModelMigrate.Core.Statistics;

namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>What the product must show beside the others, worked out from the cells that were run.</summary>
internal static class Goals
{
    /// <summary>The false-rollback rule: no healthy row's 95 % interval may begin above the first, and none may reach above the second.</summary>
    public const double MostLow = 0.02, MostPoint = 0.04;

    /// <summary>False promotions at the margin.</summary>
    public const double MostPromotion = 0.05;

    private const double Dominated = 0.9;

    public static IReadOnlyList<Goal> Check(IReadOnlyList<Cell> cells)
    {
        var goals = new List<Goal>();
        var ours = cells.Where(c => c.Method == Workbench.Ours).ToList();
        AddHealthy(goals, ours);
        AddMargin(goals, ours);
        AddExposure(goals, ours, "errors+20", 35);
        AddExposure(goals, ours, "errors+5", 90);
        AddExposure(goals, ours, "latency-x2", 50);
        foreach (var method in Workbench.Methods.Where(m => m is not (Workbench.Ours or Workbench.OursPlain)))
        {
            AddDomination(goals, ours, [.. cells.Where(c => c.Method == method)], method);
        }

        return goals;
    }

    /// <summary>Whether a method may be called safe in a healthy row.</summary>
    public static bool IsSafe(Cell cell) =>
        Wilson.Of(cell.RolledBack, cell.Repetitions).Low <= MostLow && cell.RollbackRate <= PointLimit(cell);

    /// <summary>With few repetitions one rollback is already above 4 %.</summary>
    private static double PointLimit(Cell cell) => Math.Max(MostPoint, 2.0 / cell.Repetitions);

    private static void AddHealthy(List<Goal> goals, List<Cell> ours)
    {
        var healthy = ours.Where(c => c.Kind == ScenarioKind.Healthy).ToList();
        if (healthy.Count > 0)
        {
            goals.Add(new Goal($"false rollbacks in {healthy.Count} healthy rows: interval from ≤ 2 %, none above 4 %; worst {healthy.Max(c => c.RollbackRate):0.0 %}", healthy.TrueForAll(IsSafe))
            {
                Against = [.. healthy.Where(c => !IsSafe(c)).Select(c => $"{Name(c)}: {c.RollbackRate:0.0 %}")],
            });
        }
    }

    private static void AddMargin(List<Goal> goals, List<Cell> ours)
    {
        static bool Holds(Cell c) => Wilson.Of(c.Promoted, c.Repetitions).Low <= MostPromotion;
        var margin = ours.Where(c => c.Kind == ScenarioKind.Margin).ToList();
        if (margin.Count > 0)
        {
            goals.Add(new Goal($"promotion at the margin in {margin.Count} rows: interval from ≤ 5 %; worst {margin.Max(c => c.PromotionRate):0.0 %}", margin.TrueForAll(Holds))
            {
                Against = [.. margin.Where(c => !Holds(c)).Select(c => $"{Name(c)}: {c.PromotionRate:0.0 %}")],
            });
        }
    }

    private static void AddExposure(List<Goal> goals, List<Cell> ours, string scenario, int most)
    {
        if (ours.Find(c => c.Scenario == scenario && c.Rate.Equals(10)) is { } cell)
        {
            goals.Add(new Goal(
                $"{Name(cell)}: median exposed {cell.MedianExposed:0}, at most {most}; {cell.RollbackRate:0.0 %} rolled back",
                cell.MedianExposed <= most && cell.RollbackRate > 0.5));
        }
    }

    /// <summary>A baseline that is safe in every healthy row that was run must be beaten; one that is not is compared for the record.</summary>
    private static void AddDomination(List<Goal> goals, List<Cell> ours, List<Cell> theirs, string method)
    {
        var harm = ours.Where(c => c.Kind == ScenarioKind.Harm).ToList();
        var healthy = theirs.Where(c => c.Kind == ScenarioKind.Healthy).ToList();
        if (harm.Count == 0 || healthy.Count == 0)
        {
            return;
        }

        var lost = harm.Select(o => (Ours: o, Theirs: theirs.First(t => t.Scenario == o.Scenario && t.Rate.Equals(o.Rate))))
            .Where(pair => pair.Theirs.MeanExposed <= pair.Ours.MeanExposed)
            .Select(pair => $"{Name(pair.Ours)}: {pair.Theirs.MeanExposed:0} exposed against our {pair.Ours.MeanExposed:0}").ToList();
        var won = $"fewer exposed in {harm.Count - lost.Count} of {harm.Count} harm cells";
        var unsafeRows = healthy.Where(c => !IsSafe(c)).ToList();
        goals.Add(unsafeRows.Count == 0
            ? new Goal($"{method}: safe in {healthy.Count} healthy rows; {won}, at least 90 %", harm.Count - lost.Count >= Dominated * harm.Count) { Against = lost }
            : new Goal(
                $"{method}: not safe in {unsafeRows.Count} of {healthy.Count} healthy rows (worst {Name(unsafeRows.MaxBy(c => c.RollbackRate)!)}: "
                + $"{unsafeRows.Max(c => c.RollbackRate):0.0 %}), so no rival; for the record, {won}",
                IsMet: true) { Against = lost });
    }

    private static string Name(Cell cell) => $"{cell.Scenario} at {cell.Rate:0.###}/s";
}
