namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>Which of two answers is better.</summary>
public enum Preference
{
    Source = 0,
    Tie = 1,
    Target = 2,
}
