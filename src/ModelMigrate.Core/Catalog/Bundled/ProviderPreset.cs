namespace ModelMigrate.Core.Catalog.Bundled;

/// <summary>
/// A provider as it ships with the program: a name that <c>kind</c> may say, and what follows from it. A field that the file leaves out
/// reaches an init accessor as null.
/// </summary>
public sealed record ProviderPreset
{
    public required string Name { get; init; }

    public required ProviderKind Protocol { get; init; }

    /// <summary>Its public address, or where its server listens by default; null when each user has one of their own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>What <see cref="BaseUrl"/> looks like where there is none, for messages.</summary>
    public required string Example { get; init; }

    /// <summary>The environment variable that its own tools read the key from; null when it needs no key.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Whether a call without a key can only fail.</summary>
    public bool NeedsKey { get; init; }

    /// <summary>The header that carries the key alone; null for <c>Authorization: Bearer</c>, or the protocol's own.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>Whether streams may not be asked for a usage chunk, because it refuses the wish.</summary>
    public bool RefusesUsageWish { get; init; }

    /// <summary>Parameters that it refuses or does not look at, of <see cref="Abilities.Rejectable"/>.</summary>
    public IReadOnlyList<string> Rejects { get; init => field = value ?? []; } = [];

    public ProviderQuirks Quirks { get; init => field = value ?? ProviderQuirks.None; } = ProviderQuirks.None;

    public required ProviderPaths Paths { get; init; }

    /// <summary>Where its documentation says so.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>What the adapter was held against, each with the test that does it.</summary>
    public required IReadOnlyList<Verification> VerifiedAgainst { get; init; }
}
