namespace ModelMigrate.Core.Chat;

/// <summary>Why a provider refuses a request that another model might answer.</summary>
public enum RefusalReason
{
    /// <summary>Neither of these: another model would refuse it too.</summary>
    None,

    /// <summary>The prompt, or prompt and answer together, do not fit into the model's context.</summary>
    ContextLength,

    /// <summary>The provider's rules on content forbid the prompt or its answer.</summary>
    ContentPolicy,
}
