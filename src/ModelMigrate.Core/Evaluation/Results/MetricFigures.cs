using System.Text.Json.Serialization;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>One metric of an evaluation.</summary>
public sealed record MetricFigures
{
    public required string Metric { get; init; }

    /// <summary>Everything that its scores depend on. Figures of unlike signatures are not comparable.</summary>
    public required string Signature { get; init; }

    /// <summary>What it was told, so that it can be made again; null for nothing, and of metrics of one's own.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>The list that it is of.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<MetricProfile>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MetricProfile Profile { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<MetricDirection>))]
    public required MetricDirection Direction { get; init; }

    /// <summary>Null when one model was evaluated alone.</summary>
    public ArmFigures? Source { get; init; }

    public required ArmFigures Target { get; init; }

    /// <summary>The largest difference that one case can make; null when there is no bound.</summary>
    public double? Range { get; init; }

    /// <summary>The worst score there is; null when there is none or it is not known.</summary>
    public double? Worst { get => field ?? WorstScore.Of(Direction, Range); init; }

    /// <summary>Whether its figures are usually printed × 100.</summary>
    public bool IsPercent { get; init; }
}
