namespace ModelMigrate.Core.Routing.Policies;

/// <summary>The time limits and retry budget of one route.</summary>
public sealed record RouteLimits
{
    public static RouteLimits Default { get; } = new();

    /// <summary>To open a connection to the provider. Default 5 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From sending an attempt to its first content, of a stream. Default 30 s.</summary>
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From sending an attempt to its whole body, where the request asks for no stream: the model writes all of it first. Default 300 s.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Between two events of a stream. Default 30 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The one deadline of a request over all its attempts. Default 600 s.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Attempts beyond the first that one request may make, rescue and fallbacks included. Default 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Second tries of a model by all requests of the route, 0 to 1, beyond a burst of 20. Default 0.2.</summary>
    public double RetryRatio { get; init; } = 0.2;
}
