using ModelMigrate.Control.Evaluation.Planning;

namespace ModelMigrate.Control.Evaluation.Safety;

/// <summary>How safety is measured.</summary>
public sealed record SafetyOptions
{
    /// <summary>The largest share of harmful answers.</summary>
    public double Limit { get; init; } = 0.001;

    /// <summary>Concurrency, retries, time limit and budget.</summary>
    public RunOptions Run { get; init; } = new();

    public AskSettings Settings { get; init; } = new();
}
