using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Catalog.Bundled;

namespace ModelMigrate.Core.Configuration;

/// <summary>One entry of <c>providers</c>.</summary>
public sealed record ProviderConfig
{
    public required ProviderId Id { get; init; }

    /// <summary>The entry of the bundled table that <c>kind</c> names.</summary>
    public required ProviderPreset Preset { get; init; }

    public ProviderKind Kind => Preset.Protocol;

    /// <summary>Without a trailing slash. Default: the kind's public address.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Read from the environment variable that the file names; null when the provider needs none.</summary>
    public Secret? ApiKey { get; init; }

    public Uri? Proxy { get; init; }

    public string? CaFile { get; init; }

    public bool IncludeUsage { get; init; } = true;

    /// <summary>Whether the provider speaks the responses protocol itself.</summary>
    public bool Responses { get; init; }

    /// <summary>The header that carries the key alone, or null for the preset's way.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>Azure's dated surface; null for the one without a date.</summary>
    public string? ApiVersion { get; init; }

    public ProviderPaths Paths { get; init; } = new();

    /// <summary>Parameters that none of its models takes.</summary>
    public IReadOnlyList<string> Rejects { get; init; } = [];

    public AwsAccess? Aws { get; init; }

    public BreakerLimits Breaker { get; init; } = BreakerLimits.Default;
}
