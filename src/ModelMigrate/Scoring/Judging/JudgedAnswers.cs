using ModelMigrate.Output;

namespace ModelMigrate.Scoring.Judging;

/// <summary>What a run of judging came to.</summary>
/// <param name="Summary">For programs.</param>
/// <param name="Words">For people.</param>
/// <param name="Asked">Answers, or pairs, that there were.</param>
/// <param name="Missing">Of them, those without a verdict.</param>
/// <param name="IsUnreachable">Whether no verdict came, because the judge could not be called.</param>
/// <param name="Verdict">What the operator's limit says, or Ok.</param>
internal sealed record JudgedAnswers(object Summary, string Words, int Asked, int Missing, bool IsUnreachable, ExitCode Verdict);
