namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>One question to both models, and what its answer should be.</summary>
public sealed record DatasetRow
{
    /// <summary>Among the rows that are kept, from 0.</summary>
    public required long Number { get; init; }

    /// <summary>Where it begins in its file, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>The row's own, else the beginning of its content's hash; equal contents then get <c>#2</c>, <c>#3</c> and so on.</summary>
    public required string Id { get; init; }

    /// <summary>The conversation, instructions first; the last is the user's.</summary>
    public required IReadOnlyList<PromptMessage> Messages { get; init; }

    /// <summary>Alternatives, of which the best counts; empty when the data names none.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Rows that belong together, such as questions about one text, or null.</summary>
    public string? Cluster { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>JSON that belongs to the row and that nobody here reads, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>How many rows before it have the same messages.</summary>
    public int Occurrence { get; init; }

    /// <summary>Characters that are sent.</summary>
    public long Length => Messages.Sum(static message => (long)message.Text.Length);
}
