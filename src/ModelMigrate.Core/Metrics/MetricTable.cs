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
        if (TryArguments(definition.Id, definition.Parameters, parameters, wrong) is not { } arguments)
        {
            return null;
        }

        var scorer = definition.Create(arguments);
        wrong.AddRange(arguments.Problems);
        return wrong.Count == 0 ? new AnswerMetric(definition, arguments.Values, scorer) : null;
    }

    /// <summary>What was given and, of what was not, what stands in for it; or null after everything that is wrong was added.</summary>
    public static MetricArguments? TryArguments(string id, IReadOnlyList<MetricParameter> known, IReadOnlyDictionary<string, string> parameters, List<string> problems)
    {
        var before = problems.Count;
        foreach (var name in parameters.Keys.Where(name => known.All(parameter => parameter.Name != name)))
        {
            problems.Add(known.Count == 0
                ? $"{id} has no parameter {name}, nor any other."
                : $"{id} has no parameter {name}; it has {string.Join(", ", known.Select(static parameter => parameter.Name))}.");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in known)
        {
            if (parameters.TryGetValue(parameter.Name, out var given) && parameter.Wrong(given) is { } problem)
            {
                problems.Add(problem);
            }
            else if ((given ?? parameter.Default) is { } value)
            {
                values[parameter.Name] = value;
            }
            else
            {
                problems.Add($"{id} needs {parameter.Name}: {parameter.Meaning}.");
            }
        }

        return problems.Count == before ? new MetricArguments(values) : null;
    }
}
