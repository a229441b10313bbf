namespace ModelMigrate.Core.Routing.Policies;

/// <summary>What becomes of a request that a model can only be asked with a part of it dropped, clamped or renamed.</summary>
public enum ChangesPolicy
{
    /// <summary>It is served, and the answer's <c>x-model-migrate-changes</c> names each change.</summary>
    Report,

    /// <summary>It is refused with 400, naming each change.</summary>
    Reject,

    /// <summary>It is served, and nothing is said.</summary>
    Silent,
}
