namespace ModelMigrate.Control.Evaluation.Judging;

/// <summary>Why a judge gave no verdict.</summary>
public enum JudgeFailure
{
    /// <summary>It gave one.</summary>
    None = 0,

    /// <summary>Twice in a row it answered something else than the verdict that it was asked for.</summary>
    Malformed = 1,

    /// <summary>It would not judge this case, or its provider would not let it.</summary>
    Refused = 2,

    /// <summary>The call failed.</summary>
    Unreachable = 3,

    /// <summary>It was not asked: the limit of cost leaves no room.</summary>
    CostLimit = 4,
}
