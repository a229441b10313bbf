namespace ModelMigrate.Core.Catalog.Bundled;

/// <summary>Who says that an adapter is right, the best witness first.</summary>
public enum VerifiedBy
{
    /// <summary>What the provider itself answered once, recorded.</summary>
    Recording,

    /// <summary>Samples or known answers that others keep.</summary>
    Golden,

    /// <summary>The provider's own client library, on the other side of the gateway.</summary>
    OfficialSdk,

    /// <summary>A stub of our own, written from the documentation: it shares our mistakes.</summary>
    OwnStub,
}
