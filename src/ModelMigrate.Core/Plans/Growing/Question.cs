namespace ModelMigrate.Core.Plans.Growing;

/// <summary>How a target differs from the source in a forecast.</summary>
/// <param name="Name">In words, for example <c>errors +1 pp</c>.</param>
public sealed record Question(string Name)
{
    public static Question Healthy { get; } = new("healthy");

    /// <summary>Added to the source's error rate, 0.01 for one percentage point.</summary>
    public double ErrorsAdded { get; init; }

    /// <summary>How many times as long its answers take.</summary>
    public double LatencyFactor { get; init; } = 1;

    /// <summary>Mean quality score as a multiple of the source's.</summary>
    public double QualityFactor { get; init; } = 1;
}
