namespace ModelMigrate.Providers.Exchange.Rehearsing;

/// <summary>Why a part of a request is not asked as it stands.</summary>
public enum FindingCause
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,

    /// <summary>An answer without it would be a wrong one, and the model's protocol has no word for it.</summary>
    Untranslatable,

    /// <summary>The model's protocol has no exact word for it, or its catalog entry or provider rejects it and it is left out.</summary>
    Translated,

    /// <summary>The body would pass with it, and the catalog entry says that the model refuses it.</summary>
    Rejected,

    /// <summary>The request shows pictures, the route has a model that is known to see, and the catalog entry does not say that this one does.</summary>
    Capability,

    /// <summary>The prompt and the longest answer are longer than the model's context, by an estimate of four characters to a token.</summary>
    Context,

    /// <summary>The route rejects requests that would have to be changed.</summary>
    Policy,
}
