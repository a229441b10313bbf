namespace ModelMigrate.Core.Metrics;

/// <summary>The arithmetic of one metric with its parameters chosen. Asked by any number of threads.</summary>
public abstract class Scorer
{
    /// <summary>The sample has what the metric's <see cref="MetricNeed"/> names.</summary>
    public abstract MetricScore Score(AnswerSample sample);
}
