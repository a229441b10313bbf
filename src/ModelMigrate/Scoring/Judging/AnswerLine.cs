using ModelMigrate.Control.Evaluation.Judging.Pairs;

namespace ModelMigrate.Scoring.Judging;

/// <summary>One line of a file of answers to be judged.</summary>
/// <param name="Name">Its id, or else its line, as a member of a JSON object.</param>
/// <param name="Prompt">What was asked.</param>
/// <param name="Reference">What a right answer says, or null.</param>
/// <param name="Answers">By whose they are: source, target, or prediction for the only one.</param>
/// <param name="Human">What people preferred; empty for nobody.</param>
/// <param name="Grades">What a person graded each answer, by whose it is.</param>
/// <param name="Error">Why an answer is not there, or null.</param>
internal sealed record AnswerLine(
    string Name, string Prompt, string? Reference, IReadOnlyDictionary<string, string> Answers, IReadOnlyList<Preference> Human, IReadOnlyDictionary<string, double> Grades, string? Error);
