using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Providers.Exchange;

/// <summary>Why a client gets no answer, or not the whole one.</summary>
public sealed record ExchangeFailure
{
    public required ChatError Error { get; init; }

    /// <summary>Where the request had been sent, or null when it was refused before.</summary>
    public Assignment? Assignment { get; init; }

    /// <summary>The provider's own error body in the client's protocol, to be passed on as it is; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What the provider called that body, parameters and all; null for plain JSON.</summary>
    public string? BodyType { get; init; }

    /// <summary>The provider's headers that the client gets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
