namespace ModelMigrate.Core.Rollouts;

/// <summary>What the decider or an operator's verb makes of a rollout: the next state and why. Journalled before it takes effect.</summary>
public sealed record Decision
{
    /// <summary>What happened, in the journal's words: <c>started</c>, <c>advanced</c>, <c>promoted</c>, <c>rolled_back</c> …</summary>
    public required string Kind { get; init; }

    public required RolloutState Next { get; init; }

    /// <summary>Who: <c>judge</c>, <c>controller</c>, or the operator's name.</summary>
    public required string Actor { get; init; }

    public required string Reason { get; init; }

    /// <summary>The gate or hard stop that decided, or null.</summary>
    public string? Gate { get; init; }
}
