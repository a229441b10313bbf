using ModelMigrate.Core.Metrics.Documents;
using ModelMigrate.Core.Metrics.Editing;
using ModelMigrate.Core.Metrics.Json;
using ModelMigrate.Core.Metrics.Matching;
using ModelMigrate.Core.Metrics.Measuring;
using ModelMigrate.Core.Metrics.Overlap;
using ModelMigrate.Core.Metrics.Ranking;
using ModelMigrate.Core.Metrics.Tools;

namespace ModelMigrate.Core.Metrics;

/// <summary>Every metric that there is.</summary>
public static class MetricTable
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        .. MatchingMetrics.Rows, .. OverlapMetrics.Rows, .. EditingMetrics.Rows, .. JsonMetrics.Rows, .. ToolMetrics.Rows,
        .. RankingMetrics.Rows, .. MeasuringMetrics.Rows, .. DocumentMetrics.Rows,
    ];

    /// <summary>The metrics of one profile.</summary>
    public static IEnumerable<MetricDefinition> Of(MetricProfile profile) => All.Where(metric => metric.Profile == profile);

    /// <summary>The row, or null.</summary>
    public static MetricDefinition? Find(string id, MetricProfile profile = MetricProfile.Standard) =>
        All.FirstOrDefault(metric => metric.Profile == profile && metric.Id == id);

    /// <summary>The metric; or null and everything that is wrong with its parameters, each with what to write instead.</summary>
    public static AnswerMetric? TryCreate(MetricDefinition definition, IReadOnlyDictionary<string, string> parameters, out IReadOnlyList<string> problems)
    {
        var wrong = new List<string>();
        problems = wrong;
        foreach (var name in parameters.Keys.Where(name => definition.Parameters.All(known => known.Name != name)))
        {
            wrong.Add(definition.Parameters.Count == 0
                ? $"{definition.Id} has no parameter {name}, nor any other."
                : $"{definition.Id} has no parameter {name}; it has {string.Join(", ", definition.Parameters.Select(known => known.Name))}.");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in definition.Parameters)
        {
            if (parameters.TryGetValue(parameter.Name, out var given) && parameter.Wrong(given) is { } problem)
            {
                wrong.Add(problem);
            }
            else if ((given ?? parameter.Default) is { } value)
            {
                values[parameter.Name] = value;
            }
            else
            {
                wrong.Add($"{definition.Id} needs {parameter.Name}: {parameter.Meaning}.");
            }
        }

        if (wrong.Count > 0)
        {
            return null;
        }

        var arguments = new MetricArguments(values);
        var scorer = definition.Create(arguments);
        wrong.AddRange(arguments.Problems);
        return wrong.Count == 0 ? new AnswerMetric(definition, values, scorer) : null;
    }
}
