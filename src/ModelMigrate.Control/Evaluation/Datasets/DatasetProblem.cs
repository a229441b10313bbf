using System.Globalization;

namespace ModelMigrate.Control.Evaluation.Datasets;

/// <summary>What is wrong with one place of a dataset, and what to write instead.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Line">From 1; 0 for the whole file.</param>
/// <param name="Message">Sentences.</param>
public sealed record DatasetProblem(string File, long Line, string Message)
{
    public override string ToString() => Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {Message}") : $"{File}: {Message}";
}
