namespace ModelMigrate.Control.Evaluation.Judging.Rubrics;

/// <summary>One answer to one request.</summary>
/// <param name="Prompt">What was asked: text, or the messages as JSON.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Reference">What a right answer says, or null.</param>
public sealed record RubricCase(string Prompt, string Answer, string? Reference = null);
