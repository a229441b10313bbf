namespace ModelMigrate.Core.Configuration.Evaluations;

/// <summary>One metric of a comparison as a person wrote it.</summary>
/// <param name="Id">As written; nobody has looked it up yet.</param>
/// <param name="Place">Where it stands, for messages: <c>qa.yaml:7:5</c>, or the option.</param>
public sealed record EvaluationMetricConfig(string Id, string Place)
{
    /// <summary>What its figures are called; null: by the id. Metrics of one's own need it when there are two of a kind.</summary>
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How much worse is good enough; null for the usual one of the metric.</summary>
    public double? Margin { get; init; }

    /// <summary>Whether the margin is a share of what the source reaches.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Whether it is measured and gates nothing.</summary>
    public bool IsShown { get; init; }
}
