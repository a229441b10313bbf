using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Core.Configuration;

/// <summary>The section <c>admin</c>: who may operate the product.</summary>
public sealed record AdminConfig
{
    /// <summary>The bearer token of admin calls; null is enough on loopback only.</summary>
    public Secret? Token { get; init; }

    /// <summary>Host names under which the admin API may be called, beside loopback. Lower case, without port.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether <c>/metrics</c> needs no token. Default false.</summary>
    public bool OpenMetrics { get; init; }
}
