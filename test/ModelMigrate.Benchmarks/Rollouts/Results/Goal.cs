namespace ModelMigrate.Benchmarks.Rollouts.Results;

/// <summary>One thing that the bench must show, and whether it does.</summary>
/// <param name="Text">What was asked and what came out.</param>
/// <param name="IsMet">Whether it holds.</param>
internal sealed record Goal(string Text, bool IsMet)
{
    /// <summary>Cells that speak against it.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];
}
