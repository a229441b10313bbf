using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Speaks the Anthropic messages protocol.</summary>
public sealed class AnthropicClient(ProviderConnections connections, TimeProvider time) : IModelClient
{
    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            return ChatAnswer.Failed(refusal);
        }

        var answer = await upstream.ReadWholeAsync(AnthropicJson.Default.AnthropicWire);
        if (answer is { Content: not null, Type: "message", StopReason: not null })
        {
            return ChatAnswer.Ok(new AnthropicAnswerReader(call).Read(answer));
        }

        if (answer is { Error: { } reported })
        {
            return ChatAnswer.Failed(Reported(call.Model.Provider, reported));
        }

        if (answer is not null)
        {
            upstream.Malformed<object>("an answer that is no message");
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

        var reader = new AnthropicAnswerReader(call);
        var finished = false;
        while (await upstream.ReadEventAsync(AnthropicJson.Default.AnthropicWire, AnthropicWire.Stop) is { } next)
        {
            if (next.Type == "message_stop")
            {
                break;
            }

            var delta = next.Type == "error" ? new ChatDelta { Error = Reported(call.Model.Provider, next.Error) } : reader.ReadEvent(next);
            finished |= delta.Finish is not null;
            yield return delta;
            if (delta.Error is not null)
            {
                yield break;
            }
        }

        if (upstream.Error is not null || !finished)
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }
    }

    private ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        AnthropicWire.Failure? failure = null;
        try
        {
            failure = JsonSerializer.Deserialize(body.Span, AnthropicJson.Default.AnthropicWire)?.Error;
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing: the status alone has to do.
        }

        return AnthropicProtocol.Refused(
            provider, (int)response.StatusCode, UpstreamFailure.RetryAfter(response.Headers, time.GetUtcNow()), failure?.Type, failure?.Message);
    }

    private static ChatError Reported(ProviderSnapshot provider, AnthropicWire.Failure? failure) =>
        AnthropicProtocol.Reported(provider, failure?.Type, failure?.Message);

    private static ProviderRequest Request(ModelCall call, bool stream)
    {
        var provider = call.Model.Provider;
        var content = new PooledContent(AnthropicRequestWriter.Write(call.Model, call.Request, stream, call.Changes));
        var message = new ProviderRequest(AnthropicProtocol.MessagesUri(provider), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Anthropic);
        AnthropicProtocol.Complete(message, provider);
        return message;
    }

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
