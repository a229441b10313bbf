namespace ModelMigrate.Core.Routing.Rules;

/// <summary>What rules may ask of a request.</summary>
public sealed record RuleFacts
{
    /// <summary>Who it is for: the sticky header, else the protocol's user field; null for nobody in particular.</summary>
    public string? User { get; init; }

    /// <summary>The name of its client's key, or null.</summary>
    public string? Client { get; init; }

    /// <summary>A request header's value, or null.</summary>
    public required Func<string, string?> Header { get; init; }

    public bool HasImages { get; init; }

    public bool Stream { get; init; }

    /// <summary>The sticky key's text.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }
}
