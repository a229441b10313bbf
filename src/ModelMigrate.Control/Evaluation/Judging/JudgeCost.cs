namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>What judging did cost.</summary>
/// <param name="Calls">Of the judge, retries with them.</param>
/// <param name="Retries">Calls made again because one did not arrive or was asked to slow down.</param>
/// <param name="Malformed">Answers that were no verdict.</param>
/// <param name="InputTokens">As the provider reports.</param>
/// <param name="OutputTokens">As the provider reports.</param>
/// <param name="Dollars">US dollars; null when a price or a usage is unknown.</param>
/// <param name="Versions">The versions of the judge that its provider reported; more than one, and its verdicts are of several judges.</param>
public sealed record JudgeCost(long Calls, long Retries, long Malformed, long InputTokens, long OutputTokens, decimal? Dollars, IReadOnlyList<string> Versions);
