using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Metrics;

/// <summary>A score, or why there is none. A missing score is never 0: it is left out and counted.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MetricScore
{
    private readonly double _value;

    private MetricScore(double value, string? missing) => (_value, Missing) = (value, missing);

    /// <summary>Why there is no score, as one sentence with what to do; null when there is one.</summary>
    public string? Missing { get; }

    /// <summary>The score in the metric's range, or null.</summary>
    public double? Value => Missing is null ? _value : null;

    public static MetricScore Of(double value) =>
        double.IsFinite(value) ? new MetricScore(value, missing: null) : Without("The score is not a finite number.");

    public static MetricScore Without(string why) => new(0, why);
}
