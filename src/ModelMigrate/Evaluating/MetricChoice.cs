using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Evaluating;

/// <summary>Looks up the metrics that a comparison names. Whatever is wrong with any of them is said before a model is asked.</summary>
internal static class MetricChoice
{
    /// <summary>The margin of a metric between 0 and 1 when none is written.</summary>
    public const double UsualMargin = 0.05;

    public static IReadOnlyList<(PlannedMetric Planned, AnswerMetric Metric)> Find(IReadOnlyList<EvaluationMetricConfig> written, List<string> problems)
    {
        var found = new List<(PlannedMetric, AnswerMetric)>();
        foreach (var each in written)
        {
            if (MetricTable.Find(each.Id) is not { } definition)
            {
                var near = NearestName.Of(each.Id, MetricTable.Of(MetricProfile.Standard).Select(static known => known.Id));
                problems.Add($"{each.Place}: There is no metric {each.Id}. {(near is null ? "" : $"Did you mean {near}? ")}score --list names them all.");
                continue;
            }

            var metric = MetricTable.TryCreate(definition, each.Parameters, out var wrong);
            problems.AddRange(wrong.Select(problem => $"{each.Place}: {problem}"));
            if (written.Count(other => other.Id == each.Id) > 1)
            {
                problems.Add($"{each.Place}: {each.Id} stands twice; keep one.");
            }
            else if (definition.Direction == MetricDirection.Neither && each.Margin is not null)
            {
                problems.Add($"{each.Place}: {each.Id} describes an answer, and neither more nor less of it is better; remove its margin.");
            }
            else if (metric is not null)
            {
                found.Add((Plan(each, metric), metric));
            }
        }

        if (problems.Count == 0 && found.TrueForAll(static each => each.Item1.Margin is null))
        {
            problems.Add("None of the metrics has a margin, so nothing could pass; write one, for example exact with 0.05.");
        }

        return found;
    }

    private static PlannedMetric Plan(EvaluationMetricConfig written, AnswerMetric metric)
    {
        var definition = metric.Definition;
        var isUsual = definition.Direction != MetricDirection.Neither && definition.High - definition.Low <= 1;
        return new PlannedMetric
        {
            Id = definition.Id,
            Profile = definition.Profile,
            Parameters = new SortedDictionary<string, string>(written.Parameters.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            Signature = metric.Signature,
            Margin = written.IsShown ? null : written.Margin ?? (isUsual ? UsualMargin : null),
            IsRelative = written.IsRelative,
        };
    }
}
