using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>A verdict as JSON of the shape that was asked for, or why there is none.</summary>
internal sealed record JudgeReply(JsonElement? Verdict, JudgeFailure Failure, string? Why)
{
    [MemberNotNullWhen(true, nameof(Verdict))]
    [MemberNotNullWhen(false, nameof(Why))]
    public bool IsVerdict => Verdict is not null;

    public static JudgeReply Of(JsonElement verdict) => new(verdict, JudgeFailure.None, Why: null);

    public static JudgeReply Without(JudgeFailure failure, string why) => new(Verdict: null, failure, why);
}
