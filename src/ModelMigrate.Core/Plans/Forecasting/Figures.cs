namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>Time, requests and exposure until something happens.</summary>
public sealed record Figures
{
    /// <summary>Seconds since the start.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests of the route.</summary>
    public required long Requests { get; init; }

    /// <summary>Of those, requests that met the target before it was proven.</summary>
    public required long Exposed { get; init; }

    /// <summary>
    /// The quantile of runs of which some never came there: null when so many did not that it is among them. Each figure is the
    /// quantile of its own.
    /// </summary>
    internal static Figures? Quantile(IReadOnlyCollection<SimulatedOutcome> reached, int runs, double quantile)
    {
        var rank = Math.Max(0, (int)Math.Ceiling(quantile * runs) - 1);
        return rank >= reached.Count ? null : new()
        {
            Seconds = reached.Select(run => run.Seconds).Order().ElementAt(rank),
            Requests = reached.Select(run => run.Requests).Order().ElementAt(rank),
            Exposed = reached.Select(run => run.Exposed).Order().ElementAt(rank),
        };
    }
}
