namespace ModelMigrate.Core.Configuration;

/// <summary>The section <c>telemetry</c>.</summary>
public sealed record TelemetryConfig
{
    /// <summary>The OTLP collector that metrics and traces are sent to; null sends none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>The share of requests that are traced, of those whose client has not decided it; 0 makes no spans at all.</summary>
    public double Traces { get; init; }
}
