namespace ModelMigrate.Control.Evaluation.Importing;

/// <summary>One answer of one model in a file of another tool. Cases of two runs are the same when subject, checks and prompt are.</summary>
public sealed record ImportedCase
{
    /// <summary>What is asked about, as a print: the variables of a test, or a document of a task.</summary>
    public required string Subject { get; init; }

    /// <summary>What the answer is held against, as a print: assertions, or the expected answer.</summary>
    public required string Checks { get; init; }

    /// <summary>The words around the subject, as a print: a template, or the whole prompt; empty where the tool keeps none.</summary>
    public required string Prompt { get; init; }

    /// <summary>For people, and not unique.</summary>
    public required string Name { get; init; }

    /// <summary>By metric; null where a metric belongs to the case and has no score, as after an error.</summary>
    public required IReadOnlyDictionary<string, double?> Scores { get; init; }

    /// <summary>Whether the call ended without an answer.</summary>
    public bool IsError { get; init; }

    public string? Asked { get; init; }

    public string? Expected { get; init; }

    public string? Answer { get; init; }
}
