namespace ModelMigrate.Core.Plans.Forecasting;

/// <summary>What becomes of one kind of target.</summary>
public sealed record ForecastAnswer
{
    /// <summary>The kind of target, for example <c>errors +1 pp</c>.</summary>
    public required string Question { get; init; }

    /// <summary><c>simulated</c>, <c>formula</c>, or <c>none</c> when it cannot be answered.</summary>
    public required string Method { get; init; }

    /// <summary>Migrations simulated; 0 for a formula.</summary>
    public int Repetitions { get; init; }

    /// <summary>Half of the migrations are decided by then: promoted when healthy, else rolled back. Null when fewer than half ever are.</summary>
    public Figures? Median { get; init; }

    /// <summary>Nine of ten are decided by then.</summary>
    public Figures? P90 { get; init; }

    /// <summary>Share of the simulated migrations that were rolled back.</summary>
    public double? RolledBack { get; init; }

    /// <summary>Share of the simulated migrations that were promoted.</summary>
    public double? Promoted { get; init; }

    /// <summary>What else is to say, in one sentence: why there is no figure, or what it hides.</summary>
    public string? Note { get; init; }
}
