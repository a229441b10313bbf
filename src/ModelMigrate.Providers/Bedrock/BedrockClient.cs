using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Speaks Amazon Bedrock's Converse protocol.</summary>
public sealed class BedrockClient(ProviderConnections connections, TimeProvider time) : IModelClient
{
    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            return ChatAnswer.Failed(refusal);
        }

        var answer = await upstream.ReadWholeAsync(BedrockJson.Default.BedrockWire);
        if (answer is { Output.Message.Blocks: not null, StopReason: not null })
        {
            return ChatAnswer.Ok(new BedrockAnswerReader(call).Read(answer));
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

        var reader = new BedrockAnswerReader(call);
        var finished = false;
        using var events = new EventStream();
        while (await ReadAsync(upstream, events) is { } delta)
        {
            var next = delta.Error is null ? reader.ReadEvent(events.Type, Parse(events.Payload)) : delta;
            if (next is not { } known)
            {
                upstream.Malformed<object>("JSON that does not follow its protocol");
                break;
            }

            finished |= known.Finish is not null;
            yield return known;
            if (known.Error is not null)
            {
                yield break;
            }
        }

        if (upstream.Error is not null || !finished)
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }

        // The next whole event: empty when it is one to be read, with an error when it is one; null at the end or with the upstream's error set.
        async ValueTask<ChatDelta?> ReadAsync(Upstream from, EventStream into)
        {
            while (!into.TryRead())
            {
                if (into.IsBroken)
                {
                    from.Malformed<object>("an event whose checksum does not hold");
                    return null;
                }

                var read = await from.ReadAsync(BedrockProtocol.StreamType, into.Free());
                if (read == 0)
                {
                    return null;
                }

                into.Advance(read);
            }

            return into.IsError
                ? new ChatDelta { Error = BedrockProtocol.Reported(call.Model.Provider, into.Type, into.ErrorMessage ?? Parse(into.Payload)?.Message) }
                : default(ChatDelta);
        }
    }

    private ProviderRequest Request(ModelCall call, bool stream)
    {
        var bytes = BedrockRequestWriter.Write(call.Model, call.Request, call.Changes);
        var content = new PooledContent(bytes);
        var message = new ProviderRequest(BedrockProtocol.ChatUri(call.Model, stream), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Bedrock);
        BedrockProtocol.Complete(message, call.Model.Provider, bytes.Span, time.GetUtcNow());
        return message;
    }

    private ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        // "ValidationException:http://internal.amazon.com/…"
        var type = response.Headers.NonValidated.TryGetValues("x-amzn-ErrorType", out var types) ? types.ToString().Split(':')[0] : null;
        return BedrockProtocol.Refused(
            provider, (int)response.StatusCode, UpstreamFailure.RetryAfter(response.Headers, time.GetUtcNow()), type, Parse(body.Span)?.Message);
    }

    private static BedrockWire? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BedrockJson.Default.BedrockWire);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
