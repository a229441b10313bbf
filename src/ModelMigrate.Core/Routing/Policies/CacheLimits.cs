namespace ModelMigrate.Core.Routing.Policies;

/// <summary>How long and how much of a route's answers is kept to be given again.</summary>
public sealed record CacheLimits
{
    public static CacheLimits Default { get; } = new();

    /// <summary>How long an answer may be given again. Default 3600 s.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Bytes of all kept answers of the route; beyond it the least used go. Default 64 MiB.</summary>
    public long MaxSize { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes beyond which one answer is not kept. Default 1 MiB.</summary>
    public long MaxEntry { get; init; } = 1024 * 1024;
}
