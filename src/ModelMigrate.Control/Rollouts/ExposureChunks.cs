namespace ModelMigrate.Control.Rollouts;

/// <summary>How an exposure budget is cut into the chunks that are journalled as spent before they are granted.</summary>
internal static class ExposureChunks
{
    /// <summary>A tenth of the budget, at least 10, never more than what is left; 0 when nothing is.</summary>
    public static int Next(int budget, long spent) => (int)Math.Clamp(budget - spent, 0, Math.Max(10, budget / 10));

    /// <summary>Whether the next chunk is due: less than half of one is left to give.</summary>
    public static bool IsDue(int budget, long spent, long left) => Next(budget, spent) > 0 && left * 2 < Math.Max(10, budget / 10);
}
