namespace ModelMigrate.Benchmarks.Rollouts.Baselines.Slices;

/// <summary>What a slice measures of each arm.</summary>
internal enum Channel
{
    /// <summary>1 for a failure, 0 for an answer.</summary>
    Errors,

    /// <summary>Seconds to the end; a timeout counts with its limit.</summary>
    Seconds,

    /// <summary>Logarithm of the seconds to the end.</summary>
    LogTotal,

    /// <summary>Logarithm of the seconds to the first token.</summary>
    LogFirst,

    /// <summary>Seconds to the first token.</summary>
    FirstSeconds,

    Quality,

    Cost,
}
