namespace ModelMigrate.Core.Catalog;

/// <summary>A provider as the data plane uses it: compiled, immutable, replaced whole.</summary>
public sealed record ProviderSnapshot
{
    public required ProviderId Id { get; init; }

    public required ProviderKind Kind { get; init; }

    /// <summary>The entry of the bundled table that it was made from, for example <c>groq</c>; null outside a configuration.</summary>
    public string? Preset { get; init; }

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

    /// <summary>The header that carries the key alone; null for <c>Authorization: Bearer</c>, or the protocol's own.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>Azure's <c>api-version</c>: the model's name then stands in the path, as a deployment.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>What this provider does otherwise than the protocol's owner.</summary>
    public ProviderQuirks Quirks { get; init; } = ProviderQuirks.None;

    /// <summary>Where it has what is not chat.</summary>
    public ProviderPaths Paths { get; init; } = new();

    /// <summary>How requests to AWS are signed, or null.</summary>
    public AwsAccess? Aws { get; init; }

    /// <summary>Whose tokens of Google Cloud go with requests: its models are then Vertex AI's. Null for others.</summary>
    public GoogleAccess? Google { get; init; }

    public BreakerLimits Breaker { get; init; } = BreakerLimits.Default;
}
