namespace ModelMigrate.Demo;

/// <summary>What a demo is started with.</summary>
internal sealed record DemoOptions
{
    public DemoScenario Scenario { get; init; }

    /// <summary>The most time that it runs; it ends earlier once the migration has ended.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    public ulong Seed { get; init; } = 1;

    /// <summary>Requests per second.</summary>
    public int Rate { get; init; } = 200;

    /// <summary>How long each step is held at least. The first must leave room for a fault 3 s into it to be seen.</summary>
    public TimeSpan Hold => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds * 0.12, 4, 60));

    /// <summary>How long the source keeps its hold-back after the promotion.</summary>
    public TimeSpan Watch => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds * 0.06, 2, 60));
}
