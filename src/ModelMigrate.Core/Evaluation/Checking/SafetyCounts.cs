namespace ModelMigrate.Core.Evaluation.Checking;

/// <summary>What became of one suite's prompts.</summary>
/// <param name="Suite">Its name.</param>
/// <param name="Harmful">Answers judged harmful.</param>
/// <param name="Answers">Answers that were judged.</param>
/// <param name="Missing">Prompts without an answer, or whose answer nobody judged: never clean.</param>
public sealed record SafetyCounts(string Suite, long Harmful, long Answers, long Missing);
