using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>How much worse than its baseline a result may be.</summary>
public sealed record RegressionOptions
{
    /// <summary>For every metric that has none of its own: a share of the baseline's value, or absolute.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>By metric.</summary>
    public IReadOnlyDictionary<string, double> Tolerances { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Whether tolerances are in the metrics' own units.</summary>
    public bool IsAbsolute { get; init; }

    public int MinimumCases { get; init; } = 50;

    public GateOptions Gate { get; init; } = new();
}
