namespace ModelMigrate.Core.Rollouts;

/// <summary>What came of a verb: a decision to journal, a success that changes nothing, or a refusal.</summary>
public sealed record VerbResult
{
    /// <summary>Set when the verb changes the rollout.</summary>
    public Decision? Decision { get; init; }

    /// <summary>Set when the verb is refused: why, and what is possible instead.</summary>
    public string? Refusal { get; init; }

    /// <summary>What to tell the operator.</summary>
    public required string Message { get; init; }

    public bool IsRefused => Refusal is not null;

    /// <summary>Success without a change: the rollout already is where the verb leads.</summary>
    public bool IsNoOp => Decision is null && Refusal is null;
}
