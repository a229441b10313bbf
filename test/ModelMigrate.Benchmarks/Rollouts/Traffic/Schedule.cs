namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>The weights that every method follows until it decides: 5, 25 and 50 %, ten minutes each, then the promotion.</summary>
internal static class Schedule
{
    /// <summary>Seconds of a step.</summary>
    public const double Hold = 600;

    /// <summary>Seconds until a method that found nothing promotes; also the horizon of the exposed requests.</summary>
    public const double Horizon = 3 * Hold;

    public static ReadOnlySpan<int> WeightsPpm => [50_000, 250_000, 500_000];

    public static int WeightAt(double second) => WeightsPpm[Math.Min((int)(second / Hold), WeightsPpm.Length - 1)];
}
