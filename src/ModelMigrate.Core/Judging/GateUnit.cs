namespace ModelMigrate.Core.Judging;

/// <summary>What a gate on events counts.</summary>
public enum GateUnit
{
    /// <summary>Requests, and those that had the event.</summary>
    Request,

    /// <summary>Sticky keys that were active in a block, and those that had the event at least once: a user who repeats a failure counts once.</summary>
    Key,
}
