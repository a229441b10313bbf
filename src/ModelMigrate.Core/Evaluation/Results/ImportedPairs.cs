namespace ModelMigrate.Core.Evaluation.Results;

/// <summary>How two runs that other tools have made were put side by side.</summary>
public sealed record ImportedPairs
{
    /// <summary>The tool of both, for example <c>promptfoo</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>Without folders.</summary>
    public required string SourceFile { get; init; }

    public required string TargetFile { get; init; }

    /// <summary>Cases that both runs have; repeats of one are one.</summary>
    public required long Paired { get; init; }

    public required long OnlySource { get; init; }

    public required long OnlyTarget { get; init; }

    /// <summary>Of cases that one run alone has, by why: <c>not_there</c>, <c>other_prompt</c>, <c>other_checks</c>.</summary>
    public IReadOnlyDictionary<string, long> OnlySourceBecause { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> OnlyTargetBecause { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What a reader should know of the files. Sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
