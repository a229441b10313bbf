namespace ModelMigrate.Core.Evaluation.Load;

/// <summary>How many requests come when. The rate grows evenly from 0 over the ramp-up, and stays.</summary>
public sealed record LoadShape
{
    public ArrivalKind Arrivals { get; init; }

    /// <summary>Requests a second after the ramp-up.</summary>
    public required double Rate { get; init; }

    public TimeSpan RampUp { get; init; }

    /// <summary>No request comes at this time or later; null for no end but <see cref="Requests"/>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>At most so many requests; null for no end but <see cref="Duration"/>.</summary>
    public long? Requests { get; init; }

    /// <summary>Requests that are expected; exact when they come evenly.</summary>
    public double Expected => Math.Min(Requests ?? double.PositiveInfinity, Duration is { } duration ? Until(duration.TotalSeconds) : double.PositiveInfinity);

    /// <summary>When the last expected request comes.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Math.Min(Duration?.TotalSeconds ?? double.PositiveInfinity, Requests is { } requests ? When(requests) : double.PositiveInfinity));

    /// <summary>Expected requests until then, in seconds: the integral of the rate.</summary>
    public double Until(double seconds) => seconds <= 0 ? 0
        : seconds < RampUp.TotalSeconds ? Rate * seconds * seconds / (2 * RampUp.TotalSeconds)
        : Rate * (seconds - (RampUp.TotalSeconds / 2));

    /// <summary>When so many requests are expected to have come, in seconds: the inverse of <see cref="Until"/>.</summary>
    public double When(double requests) => requests <= Rate * RampUp.TotalSeconds / 2
        ? Math.Sqrt(2 * RampUp.TotalSeconds * requests / Rate)
        : (requests / Rate) + (RampUp.TotalSeconds / 2);
}
