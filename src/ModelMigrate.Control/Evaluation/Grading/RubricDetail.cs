using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Grading;

/// <summary>What a judge said of one answer, as it is kept.</summary>
internal sealed record RubricDetail(IReadOnlyList<int> Grades, IReadOnlyList<string> Reasons)
{
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
