using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Gemini;

/// <summary>Speaks Google's generateContent protocol.</summary>
public sealed class GeminiClient(ProviderConnections connections, TimeProvider time) : IModelClient
{
    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            return ChatAnswer.Failed(refusal);
        }

        var answer = await upstream.ReadWholeAsync(GeminiJson.Default.GeminiWire);
        if (answer is not null && (answer.Candidates is [{ FinishReason: not null }, ..] || answer.PromptFeedback?.BlockReason is not null))
        {
            return ChatAnswer.Ok(new GeminiAnswerReader(call).Read(answer));
        }

        if (answer is { Error: { } reported })
        {
            return ChatAnswer.Failed(GeminiProtocol.Reported(call.Model.Provider, reported));
        }

        if (answer is not null)
        {
            upstream.Malformed<object>("an answer without a candidate");
        }

        return ChatAnswer.Failed(upstream.Error!);
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

        var reader = new GeminiAnswerReader(call);
        var deltas = new List<ChatDelta>();
        while (await upstream.ReadEventAsync(GeminiJson.Default.GeminiWire, GeminiWire.Done) is { } next)
        {
            if (next.Error is { } reported)
            {
                yield return new ChatDelta { Error = GeminiProtocol.Reported(call.Model.Provider, reported) };
                yield break;
            }

            deltas.Clear();
            reader.ReadChunk(next, deltas);
            foreach (var delta in deltas)
            {
                yield return delta;
            }
        }

        // The protocol has no end mark: the finish reason may come with a chunk that others follow, so it is told once the stream has ended.
        if (upstream.Error is null && reader.End() is { } end)
        {
            yield return end;
        }
        else
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }
    }

    private static ProviderRequest Request(ModelCall call, bool stream)
    {
        var content = new PooledContent(GeminiRequestWriter.Write(call.Model, call.Request, call.Changes));
        var message = new ProviderRequest(GeminiProtocol.ChatUri(call.Model, stream), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Gemini);
        GeminiProtocol.Complete(message, call.Model.Provider);
        return message;
    }

    private ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        GeminiWire.Failure? failure = null;
        try
        {
            failure = GeminiProtocol.FailureOf(body.Span);
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing: the status alone has to do.
        }

        return GeminiProtocol.Refused(provider, (int)response.StatusCode, UpstreamFailure.RetryAfter(response.Headers, time.GetUtcNow()), failure);
    }

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
