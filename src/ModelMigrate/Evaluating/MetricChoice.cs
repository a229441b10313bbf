using ModelMigrate.Control.Evaluation.Planning;
using ModelMigrate.Core.Configuration.Evaluations;
using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Metrics;
using ModelMigrate.Evaluating.Grading;

namespace ModelMigrate.Evaluating;

/// <summary>Looks up the metrics that a comparison names. Whatever is wrong with any of them is said before a model is asked.</summary>
internal static class MetricChoice
{
    /// <summary>The margin of a metric between 0 and 1 when none is written.</summary>
    public const double UsualMargin = 0.05;

    public static IReadOnlyList<(PlannedMetric Planned, AnswerMetric Metric)> Find(
        IReadOnlyList<EvaluationMetricConfig> written, GraderChoice graders, IReadOnlyList<ComparedArm> arms, List<string> problems)
    {
        var found = new List<(PlannedMetric, AnswerMetric)>();
        foreach (var each in written)
        {
            var isOwn = OwnMetrics.Ids.Contains(each.Id, StringComparer.Ordinal);
            if (each.Name is { } name && (!isOwn || MetricTable.Find(name) is not null))
            {
                problems.Add(isOwn
                    ? $"{each.Place}: {name} is a metric of the table; call yours by another name."
                    : $"{each.Place}: 'as' names metrics of your own ({string.Join(", ", OwnMetrics.Ids)}); {each.Id} goes by its id. Remove it.");
            }

            if (written.Count(other => (other.Name ?? other.Id) == (each.Name ?? each.Id)) > 1)
            {
                problems.Add($"{each.Place}: {each.Name ?? each.Id} stands twice; {(isOwn ? "name one of them otherwise with 'as'" : "keep one")}.");
            }

            if (isOwn)
            {
                if (graders.Find(each, arms, problems) is { } graded)
                {
                    found.Add(graded);
                    Describes(each, graded.Metric.Definition.Direction, problems);
                }

                continue;
            }

            if (MetricTable.Find(each.Id) is not { } definition)
            {
                var near = NearestName.Of(each.Id, MetricTable.Of(MetricProfile.Standard).Select(static known => known.Id).Concat(OwnMetrics.Ids));
                problems.Add($"{each.Place}: There is no metric {each.Id}. {(near is null ? "" : $"Did you mean {near}? ")}score --list names them all; {string.Join(", ", OwnMetrics.Ids)} are your own.");
                continue;
            }

            var metric = MetricTable.TryCreate(definition, each.Parameters, out var wrong);
            problems.AddRange(wrong.Select(problem => $"{each.Place}: {problem}"));
            Describes(each, definition.Direction, problems);
            if (metric is not null)
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

    private static void Describes(EvaluationMetricConfig written, MetricDirection direction, List<string> problems)
    {
        if (direction == MetricDirection.Neither && written.Margin is not null)
        {
            problems.Add($"{written.Place}: {written.Name ?? written.Id} describes an answer, and neither more nor less of it is better; remove its margin.");
        }
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
