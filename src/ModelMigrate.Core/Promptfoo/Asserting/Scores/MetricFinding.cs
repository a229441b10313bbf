using ModelMigrate.Core.Metrics;

namespace ModelMigrate.Core.Promptfoo.Asserting.Scores;

/// <summary>Scores by the metrics of this program.</summary>
internal static class MetricFinding
{
    private static readonly Dictionary<string, AnswerMetric> s_metrics = new[] { "rouge1", "bleu", "gleu", "meteor_exact_stem", "levenshtein", "refusal" }
        .ToDictionary(static id => id, static id => MetricTable.TryCreate(MetricTable.Find(id)!, new Dictionary<string, string>(StringComparer.Ordinal), out _)!, StringComparer.Ordinal);

    public static Finding Score(string metric, AssertionInput input)
    {
        var score = s_metrics[metric].Score(new AnswerSample { Prediction = input.Output, References = input.References });
        return score.Value is { } value ? Finding.Scored(value, metric) : Finding.Lacks(score.Missing ?? "There is no score.");
    }

    public static Finding Levenshtein(AssertionInput input)
    {
        var distance = Score("levenshtein", input);
        return distance.Missing is not null
            ? distance
            : Finding.Of(distance.Score <= input.Threshold(5), $"be within {AssertionInput.Shown(input.Threshold(5))} changed characters of \"{input.Text}\"; it is {AssertionInput.Shown(distance.Score)} away");
    }
}
