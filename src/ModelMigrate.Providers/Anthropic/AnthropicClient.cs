using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Speaks the Anthropic messages protocol.</summary>
public sealed class AnthropicClient(ProviderConnections connections, TimeProvider time) : HttpModelClient(connections, time)
{
    private protected override HttpRequestMessage Request(ModelCall call, bool stream)
    {
        var provider = call.Model.Provider;
        var content = new PooledContent(AnthropicRequestWriter.Write(call.Model, call.Request, stream, call.Changes, call.ExpectedBytes));
        var message = new ProviderRequest(AnthropicProtocol.ChatUri(call.Model, stream), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Anthropic);
        AnthropicProtocol.Complete(message, provider);
        return message;
    }

    private protected override async ValueTask<ChatAnswer?> ReadWholeAsync(ModelCall call, Upstream upstream) =>
        await upstream.ReadWholeAsync(AnthropicJson.Default.AnthropicWire) switch
        {
            null => null,
            { Content: not null, Type: "message", StopReason: not null } answer => ChatAnswer.Ok(new AnthropicAnswerReader(call).Read(answer)),
            { Error: { } reported } => ChatAnswer.Failed(Reported(call, reported)),
            _ => ChatAnswer.Failed(upstream.Malformed("an answer that is no message")),
        };

    private protected override AnswerEvents Events(ModelCall call, Upstream upstream) => new MessageEvents(call, upstream);

    private protected override ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
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

        return AnthropicProtocol.Refused(provider, (int)response.StatusCode, HttpAnswer.RetryAfter(response.Headers, Now), failure?.Type, failure?.Message);
    }

    private static ChatError Reported(ModelCall call, AnthropicWire.Failure? failure) =>
        AnthropicProtocol.Reported(call.Model.Provider, failure?.Type, failure?.Message);

    private sealed class MessageEvents(ModelCall call, Upstream upstream) : AnswerEvents
    {
        private readonly AnthropicAnswerReader _reader = new(call);

        public override async ValueTask<bool> ReadAsync(List<ChatDelta> into)
        {
            var next = await upstream.ReadEventAsync(AnthropicJson.Default.AnthropicWire, AnthropicWire.Stop);
            if (next is null or { Type: "message_stop" })
            {
                return false;
            }

            into.Add(next.Type == "error" ? new ChatDelta { Error = Reported(call, next.Error) } : _reader.ReadEvent(next));
            return true;
        }
    }
}
