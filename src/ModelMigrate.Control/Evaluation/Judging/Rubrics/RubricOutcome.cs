namespace ModelMigrate.Control.Evaluation.Judging.Rubrics;

/// <summary>What a judge makes of one answer.</summary>
/// <param name="Grades">One of each round that has one.</param>
/// <param name="Reasons">Theirs.</param>
/// <param name="Failure">Of the last round without a grade.</param>
/// <param name="Missing">Why there is no grade at all, or null.</param>
public sealed record RubricOutcome(IReadOnlyList<int> Grades, IReadOnlyList<string> Reasons, JudgeFailure Failure, string? Missing)
{
    /// <summary>The mean grade, or null.</summary>
    public double? Score => Grades.Count == 0 ? null : Grades.Average();

    /// <summary>The standard deviation of the rounds; null with fewer than two.</summary>
    public double? Spread => Grades.Count < 2 ? null : Math.Sqrt(Grades.Sum(grade => (grade - Score!.Value) * (grade - Score.Value)) / (Grades.Count - 1));
}
