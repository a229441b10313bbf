using ModelMigrate.Control.Evaluation.Running;

namespace ModelMigrate.Control.Evaluation.Performance;

/// <summary>How fast models are, each batch size for itself.</summary>
public sealed record PerformanceReport
{
    /// <summary>Source first, where there are two.</summary>
    public required IReadOnlyList<PerformanceModel> Models { get; init; }

    public required int Warmup { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Milliseconds that a call had; what failed counts as this or more.</summary>
    public required double LimitMs { get; init; }

    /// <summary>Unlike prompts, asked in turn.</summary>
    public required int Prompts { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How it ended.</summary>
    public required RunEndKind End { get; init; }

    /// <summary>Why it is not whole, with what to do; null when it is.</summary>
    public string? IncompleteBecause { get; init; }
}
