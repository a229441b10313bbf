namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>Why a model was called.</summary>
public enum AttemptRole
{
    /// <summary>The assigned arm's first call; the only one that is evidence.</summary>
    Assigned,

    /// <summary>The same model once more.</summary>
    Retry,

    /// <summary>The source in place of the target.</summary>
    Rescue,

    /// <summary>A model of the route's fallback list.</summary>
    Fallback,

    /// <summary>Goes on with a stream that broke.</summary>
    Resume,

    /// <summary>The source of a hybrid migration, asked to compare; its answer goes to nobody.</summary>
    Compare,
}
