namespace ModelMigrate.Core.Suites.Outcomes;

/// <summary>One try of a case.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">One or more sentences; of a pass what was seen.</param>
public sealed record TryResult(CaseOutcome Outcome, string Reason)
{
    /// <summary>How long it took, in milliseconds.</summary>
    public double Milliseconds { get; init; }

    /// <summary>What was answered, when the outcome needs it to be understood; else null.</summary>
    public string? Answer { get; init; }

    /// <summary>Numbers that the outcome rests on, by their names; empty for most.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public static TryResult Passed(string reason = "As expected.") => new(CaseOutcome.Pass, reason);

    public static TryResult Failed(string reason, string? answer = null) => new(CaseOutcome.Fail, reason) { Answer = answer };

    public static TryResult Broken(string reason) => new(CaseOutcome.Error, reason);
}
