using System.Globalization;
using System.Text.Json.Serialization;

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

    /// <summary>The step in one line.</summary>
    [JsonIgnore]
    public string Text
    {
        get
        {
            var needs = Requests is { } requests
                ? (requests == 0
                        ? "no request beyond those of the steps before"
                        : string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests, {Exposures:N0} on the target"))
                    + (Duration is { } time ? $", {ExposureForecast.Text(time.TotalSeconds)} with its hold" : "")
                    + (requests == 0 ? "" : $"; last gate: {SlowestGate}")
                : $"cannot be said; {SlowestGate} does not pass";
            return string.Create(CultureInfo.InvariantCulture, $"step {Number} at {Weight * 100:0.####}%: {needs}");
        }
    }
}
