namespace ModelMigrate.Control.Evaluation.Importing.Matching;

/// <summary>One case as both runs have it, or one of them; at least one is there. Repeats are one, with the mean of their scores.</summary>
/// <param name="Name">Unique among the cases of a comparison.</param>
/// <param name="Source">Of the source; null when it has none.</param>
/// <param name="Target">Of the target.</param>
public sealed record MatchedCase(string Name, ImportedCase? Source, ImportedCase? Target)
{
    public string Subject => (Source ?? Target!).Subject;

    /// <summary>Whether the metric belongs to the case in either run.</summary>
    public bool Has(string metric) => Source?.Scores.ContainsKey(metric) == true || Target?.Scores.ContainsKey(metric) == true;
}
