namespace ModelMigrate.Core.Plans;

/// <summary>What one step needs.</summary>
public sealed record StepForecast
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The target's share, 0 to 1.</summary>
    public required double Weight { get; init; }

    /// <summary>Requests of the route on this step until its gates pass, what earlier steps gathered counted in; null when they never do.</summary>
    public long? Requests { get; init; }

    /// <summary>Of those, requests that meet the target.</summary>
    public long? Exposures { get; init; }

    /// <summary>Time on the step, at least its hold; null without a rate.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The required gate that passes last.</summary>
    public required string SlowestGate { get; init; }
}
