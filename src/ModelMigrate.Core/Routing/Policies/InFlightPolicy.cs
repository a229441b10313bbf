namespace ModelMigrate.Core.Routing.Policies;

/// <summary>What happens on a rollback to answers that the target is still giving.</summary>
public enum InFlightPolicy
{
    /// <summary>They run to their end.</summary>
    Finish,

    /// <summary>They are cut: rescued when nothing was sent yet, else ended with an error event.</summary>
    Cut,
}
