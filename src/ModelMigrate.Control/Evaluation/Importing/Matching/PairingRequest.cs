using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>What a person asks of two runs.</summary>
public sealed record PairingRequest
{
    /// <summary>The margin of a metric between 0 and 1 when none is written.</summary>
    public const double UsualMargin = 0.05;

    /// <summary>Ids, or ends of ids after the task; empty for <c>pass</c>, or every metric where there is none.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>By what was written; "" is for all.</summary>
    public IReadOnlyDictionary<string, (double Margin, bool IsRelative)> Margins { get; init; } = new Dictionary<string, (double, bool)>(StringComparer.Ordinal);

    /// <summary>Which way metrics improve, where the files do not say.</summary>
    public IReadOnlyDictionary<string, MetricDirection> Directions { get; init; } = new Dictionary<string, MetricDirection>(StringComparer.Ordinal);

    /// <summary>Whether the same case asked with another prompt is the same case, as when each model has its own.</summary>
    public bool IgnoresPrompts { get; init; }

    /// <summary>Whether a part of a data set is judged as one of its own.</summary>
    public bool TakesParts { get; init; }

    /// <summary>Whether averages are compared where there are no scores of single cases.</summary>
    public bool TakesAverages { get; init; }

    public GateOptions Gate { get; init; } = new();
}
