namespace ModelMigrate.Providers.Exchange.Breakers;

/// <summary>Whether a model is spared.</summary>
public enum BreakerState
{
    /// <summary>It is asked.</summary>
    Closed,

    /// <summary>It is being tried again by a few calls.</summary>
    HalfOpen,

    /// <summary>It is passed over.</summary>
    Open,
}
