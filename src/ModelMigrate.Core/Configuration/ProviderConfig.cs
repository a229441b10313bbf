using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Configuration;

/// <summary>One entry of <c>providers</c>.</summary>
public sealed record ProviderConfig
{
    public required ProviderId Id { get; init; }

    public required ProviderKind Kind { get; init; }

    /// <summary>Without a trailing slash. Default: the kind's public address.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Read from the environment variable that the file names; null when the provider needs none.</summary>
    public Secret? ApiKey { get; init; }

    public Uri? Proxy { get; init; }

    public string? CaFile { get; init; }

    public bool IncludeUsage { get; init; } = true;

    /// <summary>Whether the provider speaks the responses protocol itself.</summary>
    public bool Responses { get; init; }

    public BreakerLimits Breaker { get; init; } = BreakerLimits.Default;
}
