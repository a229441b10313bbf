using ModelMigrate.Core.Evaluation.Gating.Refusing;

namespace ModelMigrate.Control.Evaluation.Importing;

/// <summary>One model's answers in a file of another tool.</summary>
public sealed record ImportedRun
{
    /// <summary>What the run is chosen by when a file has several: the provider's label, else its id, else the model.</summary>
    public required string Name { get; init; }

    /// <summary>The provider's id or the model, where the name is a label.</summary>
    public required string Model { get; init; }

    /// <summary>In the file's order; empty when it holds only averages.</summary>
    public required IReadOnlyList<ImportedCase> Cases { get; init; }

    /// <summary>Those of one answer each first, then averages.</summary>
    public required IReadOnlyList<ImportedMetric> Metrics { get; init; }

    public DataCompleteness Completeness { get; init; }

    /// <summary>What is not complete, in words.</summary>
    public string? IncompleteBecause { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>Null where the tool says none.</summary>
    public decimal? Cost { get; init; }
}
