namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>One thing that can happen to a migration, and what would be right to do.</summary>
internal sealed record Scenario
{
    /// <summary>Seconds that a late end is late by.</summary>
    public const double Late = 30;

    public required string Name { get; init; }

    public required ScenarioKind Kind { get; init; }

    /// <summary>One sentence for tables and pictures.</summary>
    public required string Title { get; init; }

    public ArmModel Source { get; init; } = new();

    public ArmModel Target { get; init; } = new();

    /// <summary>Factor on the request rate.</summary>
    public Func<double, double> Load { get; init; } = static _ => 1;

    /// <summary>The largest <see cref="Load"/>.</summary>
    public double MostLoad { get; init; } = 1;

    /// <summary>Users, each with a sticky key of their own.</summary>
    public int Keys { get; init; } = 3000;

    /// <summary>Keys that get <see cref="HeavyShare"/> of the requests between them: the first of all keys.</summary>
    public int HeavyKeys { get; init; } = 1;

    public double HeavyShare { get; init; }

    /// <summary>Second at which the harm begins, for the detection delay.</summary>
    public double Onset { get; init; }

    /// <summary>The metric pipeline loses everything from this second …</summary>
    public double GapFrom { get; init; } = double.PositiveInfinity;

    /// <summary>… to this one.</summary>
    public double GapTo { get; init; } = double.PositiveInfinity;

    /// <summary>Share of the target's requests that the metric pipeline loses whole.</summary>
    public double LostOnTarget { get; init; }

    /// <summary>Share of the ends that are delivered twice, and as large a share that comes late.</summary>
    public double Disorder { get; init; }

    /// <summary>Seconds between two kills of the controller; what it had not committed is lost for both arms.</summary>
    public double CrashEvery { get; init; } = double.PositiveInfinity;

    /// <summary>Whether our first step ends with an approval, which nobody gives.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Metrics beyond errors and latency that the scenario is about.</summary>
    public ExtraMetrics Extra { get; init; }
}
