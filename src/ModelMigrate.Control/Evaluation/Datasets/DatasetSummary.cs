namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>What a reading of a whole dataset came to.</summary>
/// <param name="Rows">Rows that the filter keeps.</param>
/// <param name="Dropped">Rows that it does not.</param>
/// <param name="Hash">SHA-256 over every kept row, in hex: its id, messages, references and cluster.</param>
/// <param name="PromptCharacters">Of all messages together.</param>
/// <param name="ReferenceCharacters">Of each row's first reference.</param>
/// <param name="WithoutReference">Rows that name none.</param>
/// <param name="Clustered">Rows that name a cluster.</param>
public sealed record DatasetSummary(long Rows, long Dropped, string Hash, long PromptCharacters, long ReferenceCharacters, long WithoutReference, long Clustered);
