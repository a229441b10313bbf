namespace ModelMigrate.Control.Evaluation.Judging.Pairs;

/// <summary>Two answers to one request.</summary>
/// <param name="Prompt">What was asked: text, or the messages as JSON.</param>
/// <param name="Source">The answer of the model that serves today.</param>
/// <param name="Target">The answer of the model that it would move to.</param>
/// <param name="Reference">What a right answer says, or null.</param>
/// <param name="Human">What people preferred, one entry for each; empty for nobody.</param>
public sealed record PairCase(string Prompt, string Source, string Target, string? Reference = null, IReadOnlyList<Preference>? Human = null);
