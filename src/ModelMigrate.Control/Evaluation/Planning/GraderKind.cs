namespace ModelMigrate.Control.Evaluation.Planning;

/// <summary>Who makes the scores of a metric that is no row of the table.</summary>
public enum GraderKind
{
    /// <summary>A program of one's own.</summary>
    Command = 0,

    /// <summary>An evaluator of .NET.</summary>
    Evaluator = 1,

    /// <summary>A model that grades each answer by a rubric.</summary>
    Rubric = 2,

    /// <summary>A model that says which of two answers is better.</summary>
    Preference = 3,
}
