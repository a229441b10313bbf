using ModelMigrate.Core.Suites.Parity;

namespace ModelMigrate.Core.Suites;

/// <summary>Source and target asked the same prompts: answers alike, as fast, failing alike, and as right where the right answer is known.</summary>
public sealed record ParityCase : SuiteCase
{
    public required ParityTerms Parity { get; init; }
}
