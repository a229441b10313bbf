namespace ModelMigrate.Core.Promptfoo.Asserting.Outside;

/// <summary>Compares embeddings, and says what of the figures is enough.</summary>
public static class Similarity
{
    /// <summary>What sums of doubles may be off; promptfoo's.</summary>
    internal const double Rounding = 2.220446049250313E-16;

    /// <summary>The figure; null for vectors of different lengths, which are not of one model.</summary>
    public static double? Of(SimilarityMetric metric, IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        if (left.Count != right.Count)
        {
            return null;
        }

        double product = 0, leftSquares = 0, rightSquares = 0, difference = 0;
        for (var i = 0; i < left.Count; i++)
        {
            product += left[i] * right[i];
            leftSquares += left[i] * left[i];
            rightSquares += right[i] * right[i];
            difference += (left[i] - right[i]) * (left[i] - right[i]);
        }

        return metric switch
        {
            SimilarityMetric.Cosine => leftSquares == 0 || rightSquares == 0 ? 0 : product / (Math.Sqrt(leftSquares) * Math.Sqrt(rightSquares)),
            SimilarityMetric.Dot => product,
            SimilarityMetric.Euclidean => Math.Sqrt(difference),
        };
    }

    /// <summary>
    /// What comes of an answer's figures against each reference, with <c>not-</c> already in it. The nearest reference counts. compat keeps promptfoo's ways: the
    /// first reference that is near enough gives the score, and a figure at the threshold itself passes turned round, too.
    /// </summary>
    /// <param name="task">The assertion.</param>
    /// <param name="figures">One for each reference, at least one.</param>
    /// <param name="mode">Whose rules.</param>
    public static OutsideResult Judge(OutsideTask task, IReadOnlyList<double> figures, PromptfooMode mode)
    {
        var (metric, least, inverse) = (task.Metric, task.Threshold ?? 0, task.Assertion.IsInverse);
        var isDistance = metric == SimilarityMetric.Euclidean;
        var nearest = isDistance ? figures.Min() : figures.Max();
        bool IsNear(double figure) => isDistance ? figure <= least + Rounding : figure >= least - Rounding;
        bool IsFar(double figure) => mode == PromptfooMode.Strict ? !IsNear(figure) : isDistance ? figure >= least - Rounding : figure <= least + Rounding;
        var counts = mode == PromptfooMode.Strict ? nearest : inverse
            ? figures.Select(static figure => (double?)figure).FirstOrDefault(figure => !IsFar(figure!.Value)) ?? nearest
            : figures.Select(static figure => (double?)figure).FirstOrDefault(figure => IsNear(figure!.Value)) ?? nearest;
        var (pass, score) = (inverse ? IsFar(counts) : IsNear(counts), isDistance ? 1 / (1 + counts) : counts);
        var words = (isDistance, IsNear(counts)) switch { (true, true) => "at most", (true, false) => "above", (false, true) => "at least", (false, false) => "below" };
        return new OutsideResult
        {
            Pass = pass, IsTurned = true, Score = inverse ? 1 - score : score, Reason = $"The {(isDistance ? "distance" : "similarity")} {AssertionInput.Shown(counts)} is {words} {AssertionInput.Shown(least)}",
        };
    }
}
