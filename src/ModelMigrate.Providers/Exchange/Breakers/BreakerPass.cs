namespace ModelMigrate.Providers.Exchange.Breakers;

/// <summary>On what terms a call of a model is made.</summary>
internal enum BreakerPass
{
    /// <summary>The breaker was closed, or none looks: its result counts in the row.</summary>
    Free,

    /// <summary>The call tries an open breaker's model again: its result decides.</summary>
    Probe,

    /// <summary>The breaker is open, and nobody else is left to ask: a success closes it, a failure changes nothing.</summary>
    Forced,
}
