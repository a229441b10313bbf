namespace ModelMigrate.Core.Metrics;

/// <summary>Compares the answer with each reference and keeps the best; a reference without a score is passed over.</summary>
internal sealed class ReferenceScorer(Func<string, string, MetricScore> one, MetricDirection direction = MetricDirection.HigherIsBetter) : Scorer
{
    /// <summary>A comparison that always has a score.</summary>
    public static ReferenceScorer Of(Func<string, string, double> one, MetricDirection direction = MetricDirection.HigherIsBetter) =>
        new((prediction, reference) => MetricScore.Of(one(prediction, reference)), direction);

    public override MetricScore Score(AnswerSample sample)
    {
        MetricScore? best = null;
        var missing = MetricScore.Without("There is no reference.");
        foreach (var reference in sample.References)
        {
            var score = one(sample.Prediction!, reference);
            if (score.Value is not { } value)
            {
                missing = score;
            }
            else if (best?.Value is not { } kept || (direction == MetricDirection.LowerIsBetter ? value < kept : value > kept))
            {
                best = score;
            }
        }

        return best ?? missing;
    }
}
