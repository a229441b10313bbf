namespace ModelMigrate.Core.Suites.Outcomes;

/// <summary>What came of a run of suites: what <c>--json</c> prints and every report is written from.</summary>
public sealed record SuiteReport
{
    /// <summary>Raised when an older program could misread it.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The file's name; null when only the built-in suite ran.</summary>
    public string? File { get; init; }

    /// <summary>The model under test as it was named; null when none was asked.</summary>
    public string? Model { get; init; }

    /// <summary>The model that it was compared with, or null.</summary>
    public string? Source { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Cases that a filter left out.</summary>
    public int LeftOut { get; init; }

    public required IReadOnlyList<CaseResult> Cases { get; init; }

    /// <summary>Of all cases: what could not be judged or shown beats a failure, for then nothing is known of the rest.</summary>
    public CaseOutcome Outcome => new[] { CaseOutcome.Refused, CaseOutcome.Error, CaseOutcome.Fail, CaseOutcome.Inconclusive }
        .FirstOrDefault(outcome => Count(outcome) > 0, Cases.Count > 0 ? CaseOutcome.Pass : CaseOutcome.Refused);

    public int Passed => Count(CaseOutcome.Pass);

    public int Failed => Count(CaseOutcome.Fail);

    public int Inconclusive => Count(CaseOutcome.Inconclusive);

    public int Errors => Count(CaseOutcome.Error);

    public int Refused => Count(CaseOutcome.Refused);

    /// <summary>Cases that pass sometimes, whatever their outcome is.</summary>
    public int Flaky => Cases.Count(static each => each.Flaky);

    private int Count(CaseOutcome outcome) => Cases.Count(each => each.Outcome == outcome);
}
