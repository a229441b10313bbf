namespace ModelMigrate.Core.Routing.Policies;

/// <summary>How a hybrid migration uses its two models. It is no evidence and never promotes.</summary>
public enum HybridMode
{
    /// <summary>The source answers; the target is not called.</summary>
    LegacyPrimary,

    /// <summary>The target answers, and the source where it fails.</summary>
    NewPrimary,

    /// <summary>The target answers, and the source where it fails; after each answer of the target's the source is asked too, and the two are compared.</summary>
    Hybrid,
}
