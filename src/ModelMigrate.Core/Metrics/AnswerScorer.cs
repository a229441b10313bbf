namespace ModelMigrate.Core.Metrics;

/// <summary>Looks at the whole sample at once.</summary>
internal sealed class AnswerScorer(Func<AnswerSample, MetricScore> one) : Scorer
{
    public override MetricScore Score(AnswerSample sample) => one(sample);
}
