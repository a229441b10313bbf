namespace ModelMigrate.Providers.Exchange.Attempts;

/// <summary>Why an attempt was stopped from our side.</summary>
internal enum StopCause
{
    None,

    /// <summary>The client went away.</summary>
    Client,

    /// <summary>The process ends.</summary>
    Draining,

    /// <summary>A rollback cuts what its target is still answering.</summary>
    Cut,

    /// <summary>No content within the first-token limit.</summary>
    FirstToken,

    /// <summary>No whole answer within its limit, where no stream was asked for.</summary>
    Whole,

    /// <summary>A silent stream.</summary>
    Idle,

    /// <summary>The request's one deadline.</summary>
    Total,

    /// <summary>The answer is complete but the provider does not close it; what came is all.</summary>
    Finished,
}
