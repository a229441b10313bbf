namespace ModelMigrate.Core.Judging.Harm;

/// <summary>Checkpoint of <see cref="KeyRisks"/>.</summary>
public sealed record KeyRisksState
{
    public IReadOnlyList<KeyRisk> Keys { get; init => field = value ?? []; } = [];

    /// <summary>Events and expected events of all other keys together.</summary>
    public long RestEvents { get; init; }

    public double RestExpected { get; init; }
}
