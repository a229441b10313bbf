namespace ModelMigrate.Control.Evaluation.Judging.Rubrics;

/// <summary>What an answer is graded by.</summary>
/// <param name="Text">The operator's words: what each grade means.</param>
/// <param name="Low">The worst grade.</param>
/// <param name="High">The best grade, at most <see cref="MostSteps"/> above.</param>
public sealed record Rubric(string Text, int Low, int High)
{
    /// <summary>Judges cannot tell finer scales apart.</summary>
    public const int MostSteps = 20;
}
