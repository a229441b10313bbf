namespace ModelMigrate.Core.Routing.Policies;

/// <summary>What becomes of an answer that a provider's rules on content withhold.</summary>
public enum RefusalPolicy
{
    /// <summary>The client gets the refusal. Routing around one can break the rules of the application that asked.</summary>
    Pass,

    /// <summary>The next model is asked, as after a failure.</summary>
    Fallback,
}
