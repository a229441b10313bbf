using System.Runtime.CompilerServices;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Http.Calls;

/// <summary>One call over HTTP in any protocol: ask, then read the answer whole or as it comes. A stream without a finish reason broke off.</summary>
public abstract class HttpModelClient : IModelClient
{
    /// <summary>Half a surrogate pair: JSON lets it through, and only who reads the text out of an element finds it.</summary>
    private const string NoText = "a text that is none";

    private readonly ProviderConnections _connections;
    private readonly TimeProvider _time;

    private protected HttpModelClient(ProviderConnections connections, TimeProvider time) => (_connections, _time) = (connections, time);

    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            return ChatAnswer.Failed(refusal);
        }

        try
        {
            return await ReadWholeAsync(call, upstream) ?? ChatAnswer.Failed(upstream.Error!);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            return ChatAnswer.Failed(upstream.Malformed(NoText));
        }
    }

    public async IAsyncEnumerable<ChatDelta> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: true);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            yield return new ChatDelta { Error = refusal };
            yield break;
        }

        using var events = Events(call, upstream);
        var deltas = new List<ChatDelta>();
        var finished = false;
        for (var more = true; more;)
        {
            deltas.Clear();
            try
            {
                more = await events.ReadAsync(deltas);
            }
            catch (InvalidOperationException e) when (e is not ObjectDisposedException)
            {
                upstream.Malformed(NoText);
                more = false;
            }

            foreach (var delta in deltas)
            {
                finished |= delta.Finish is not null;
                yield return delta;
                if (delta.Error is not null)
                {
                    yield break;
                }
            }
        }

        if (upstream.Error is not null || !finished)
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }
    }

    private protected DateTimeOffset Now => _time.GetUtcNow();

    private protected abstract HttpRequestMessage Request(ModelCall call, bool stream);

    /// <summary>Reads an answer that is not streamed; null with the error at <paramref name="upstream"/>.</summary>
    private protected abstract ValueTask<ChatAnswer?> ReadWholeAsync(ModelCall call, Upstream upstream);

    private protected abstract AnswerEvents Events(ModelCall call, Upstream upstream);

    /// <summary>Puts an answer into words that is none.</summary>
    private protected abstract ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body);

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, _connections.For(call.Model.Provider), cancellation);
}
