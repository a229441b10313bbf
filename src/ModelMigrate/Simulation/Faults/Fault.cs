namespace ModelMigrate.Simulation.Faults;

/// <summary>What goes wrong with one simulated request.</summary>
internal enum Fault
{
    None,

    /// <summary>The whole provider is out: 503 at once, or the connection is aborted.</summary>
    Down,

    /// <summary>429 with <c>Retry-After</c>, at once.</summary>
    Throttle,

    /// <summary>A 5xx answer in the protocol's error shape, after a quarter of the drawn latency.</summary>
    Error,

    /// <summary>200 with a body, or a first event, that cannot be parsed.</summary>
    Malformed,

    /// <summary>No answer until the client leaves.</summary>
    Hang,

    /// <summary>The connection breaks after part of the content.</summary>
    Cut,
}
