namespace ModelMigrate.Core.Catalog;

/// <summary>A provider as the data plane uses it: compiled, immutable, replaced whole.</summary>
public sealed record ProviderSnapshot
{
    public required ProviderId Id { get; init; }

    public required ProviderKind Kind { get; init; }

    /// <summary>Where the protocol's own paths begin, without a trailing slash: <c>https://api.openai.com/v1</c>, <c>https://api.anthropic.com</c>.</summary>
    public required Uri BaseUrl { get; init; }

    public Secret? ApiKey { get; init; }

    /// <summary>The outbound HTTP proxy, or null for a direct connection.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>A PEM file of certificate authorities trusted beside the system's, or null.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether streams may be asked for a usage chunk (<c>stream_options.include_usage</c>) that the client did not ask for.</summary>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>Whether the provider speaks the responses protocol itself; else its models are asked in chat.</summary>
    public bool Responses { get; init; }

    public BreakerLimits Breaker { get; init; } = BreakerLimits.Default;
}
