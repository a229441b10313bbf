using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Exchange.Forwarded;

/// <summary>What a provider answered to a request sent on as it is: the answer up to its body, or why there is none.</summary>
public sealed record ForwardedAnswer(HttpResponseMessage? Response, ChatError? Error) : IDisposable
{
    /// <summary>The provider's headers that the client gets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public void Dispose() => Response?.Dispose();
}
