namespace ModelMigrate.Serving;

/// <summary>What a server is started with.</summary>
internal sealed record ServeOptions
{
    public required string ConfigFile { get; init; }

    /// <summary>Where the gateway listens, and the admin API too unless <see cref="AdminUrls"/> names other addresses.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Where alone the admin API, metrics and health listen, or empty to share <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> AdminUrls { get; init; } = [];

    public required string DataDirectory { get; init; }

    /// <summary>Where log lines go, or null for nowhere.</summary>
    public TextWriter? LogTo { get; init; }
}
