namespace ModelMigrate.Demo;

/// <summary>What happens to the providers during a demo. Every fault begins 3 s into the first step.</summary>
internal enum DemoScenario
{
    /// <summary>Nothing: the target is as good as the source.</summary>
    Healthy,

    /// <summary>30 % of the target's answers fail.</summary>
    Errors,

    /// <summary>The target takes three times as long.</summary>
    Slow,

    /// <summary>The target's bodies, or first events, cannot be parsed.</summary>
    Malformed,

    /// <summary>The target answers everything with 503.</summary>
    Outage,

    /// <summary>Both providers answer 503 for ten seconds, then recover: no reason to blame the target.</summary>
    BothOutage,
}
