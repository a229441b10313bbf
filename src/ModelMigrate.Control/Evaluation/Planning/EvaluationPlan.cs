using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>Everything that a comparison's result depends on, kept with its answers: what a merge judges by, and what another machine must agree on.</summary>
public sealed record EvaluationPlan
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The file's or folder's name, without the folders above it.</summary>
    public required string Dataset { get; init; }

    public required string DatasetHash { get; init; }

    /// <summary>Rows that are asked.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that a filter or a limit left out.</summary>
    public long LeftOut { get; init; }

    public int Repeats { get; init; } = 1;

    public required string Source { get; init; }

    /// <summary>What the source's results are known by.</summary>
    public required string SourceKey { get; init; }

    public required string Target { get; init; }

    public required string TargetKey { get; init; }

    public required IReadOnlyList<PlannedMetric> Metrics { get; init; }

    public GateOptions Gate { get; init; } = new();

    /// <summary>What the scores of one metric are kept by: its signature, and of pairs whose answers they are too.</summary>
    public string ScoredAs(PlannedMetric metric) => metric.Grading is { IsOfPair: true }
        ? $"{metric.Signature}|of:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{SourceKey}\n{TargetKey}")))[..16]}"
        : metric.Signature;

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>The plan, or null when the text is none of this program's.</summary>
    public static EvaluationPlan? TryRead(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationPlan>(json, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The metrics, ready to score, those that somebody else scores only to be read; or null when this program knows one of them otherwise, and which.</summary>
    public IReadOnlyList<AnswerMetric>? TryMetrics(out string problem)
    {
        var metrics = new List<AnswerMetric>();
        foreach (var planned in Metrics)
        {
            if (planned.Grading is { } grading)
            {
                metrics.Add(AnswerMetric.Kept(planned.Id, planned.Signature, grading.Low, grading.High, grading.Direction));
                continue;
            }

            var metric = MetricTable.Find(planned.Id, planned.Profile) is { } definition ? MetricTable.TryCreate(definition, planned.Parameters, out _) : null;
            if (metric?.Signature != planned.Signature)
            {
                problem = $"The results are scored by {planned.Signature}; this program has {metric?.Signature ?? $"no {planned.Id}"}. Use the program that wrote them.";
                return null;
            }

            metrics.Add(metric);
        }

        problem = "";
        return metrics;
    }
}
