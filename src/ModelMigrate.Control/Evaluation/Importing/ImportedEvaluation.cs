namespace ModelMigrate.Control.Evaluation.Importing;

/// <summary>A file of another tool, read.</summary>
public sealed record ImportedEvaluation
{
    /// <summary><c>promptfoo</c>, <c>lm-eval</c>, <c>inspect</c>, <c>deepeval</c> or <c>junit</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>The tool's version; null when the file does not say.</summary>
    public string? Version { get; init; }

    /// <summary>Without folders.</summary>
    public required string File { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<ImportedRun> Runs { get; init; }

    /// <summary>What a reader should know: figures that contradict the rows, what was not read. Sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What to give instead of a file that holds only averages.</summary>
    public required string CasesRemedy { get; init; }
}
