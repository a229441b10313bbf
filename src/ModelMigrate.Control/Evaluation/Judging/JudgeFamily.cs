using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>Models prefer answers of their own kind, so a judge must be of another family than both arms.</summary>
public static class JudgeFamily
{
    /// <summary>Why a judge may not judge, with what to do; null when it may.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="arms">The models whose answers it would judge.</param>
    public static string? Refusal(ModelSnapshot judge, params IReadOnlyList<ModelSnapshot> arms) =>
        arms.FirstOrDefault(arm => arm.Family == judge.Family) is { } own
            ? $"{judge.Id.Value} and {own.Id.Value} are both of the family {judge.Family}, and models prefer answers of their own kind. Name a judge of another family, or allow it with --allow-same-family (allowSameFamily: true in a file)."
            : null;
}
