using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Providers.Evaluators;

/// <summary>
/// Makes a metric of any type in the shape of <c>IEvaluator</c> of Microsoft.Extensions.AI.Evaluation. The shape is found by its members' names, so that neither
/// this library nor whoever does without evaluators needs that package, and no version of it is asked for.
/// </summary>
public static class EvaluatorMetric
{
    /// <summary>A row for <see cref="MetricTable.TryCreate"/>.</summary>
    /// <param name="evaluator">Asked by any number of threads at once.</param>
    /// <param name="options">What it does not say of itself.</param>
    /// <param name="time">Measures how long a sample takes.</param>
    /// <exception cref="ArgumentException">The type has not that shape, or another metric; the message says what is missing.</exception>
    public static MetricDefinition Row(object evaluator, EvaluatorOptions options, TimeProvider time)
    {
        var shape = EvaluatorShape.Of(evaluator.GetType());
        var names = EvaluatorShape.Names(evaluator);
        if (names.Count > 0 && !names.Contains(options.Metric, StringComparer.Ordinal))
        {
            throw new ArgumentException($"{evaluator.GetType().Name} has no metric {options.Metric}; it has {string.Join(", ", names)}.", nameof(options));
        }

        var type = evaluator.GetType();
        return new MetricDefinition
        {
            Id = options.Id,
            Version = options.Version,
            Summary = options.Summary,
            Low = options.Low,
            High = options.High,
            Direction = options.Direction,
            Need = options.Need,
            Note = $"evaluator:{type.FullName}@{type.Assembly.GetName().Version}/{options.Metric}",
            Create = _ => new EvaluatorScorer(evaluator, shape, options, time),
        };
    }
}
