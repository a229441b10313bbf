using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Speaks Amazon Bedrock's Converse protocol.</summary>
public sealed class BedrockClient(ProviderConnections connections, TimeProvider time) : HttpModelClient(connections, time)
{
    private protected override HttpRequestMessage Request(ModelCall call, bool stream)
    {
        var bytes = BedrockRequestWriter.Write(call.Model, call.Request, call.Changes, call.ExpectedBytes);
        var message = new ProviderRequest(BedrockProtocol.ChatUri(call.Model, stream), new PooledContent(bytes), call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Bedrock);
        BedrockProtocol.Complete(message, call.Model.Provider, bytes.Span, Now);
        return message;
    }

    private protected override async ValueTask<ChatAnswer?> ReadWholeAsync(ModelCall call, Upstream upstream) =>
        await upstream.ReadWholeAsync(BedrockJson.Default.BedrockWire) switch
        {
            null => null,
            { Output.Message.Blocks: not null, StopReason: not null } answer => ChatAnswer.Ok(new BedrockAnswerReader(call).Read(answer)),
            _ => ChatAnswer.Failed(upstream.Malformed("an answer that is no message")),
        };

    private protected override AnswerEvents Events(ModelCall call, Upstream upstream) => new Frames(call, upstream);

    private protected override ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        // "ValidationException:http://internal.amazon.com/…"
        var type = response.Headers.NonValidated.TryGetValues("x-amzn-ErrorType", out var types) ? types.ToString().Split(':')[0] : null;
        return BedrockProtocol.Refused(
            provider, (int)response.StatusCode, HttpAnswer.RetryAfter(response.Headers, Now), type, Parse(body.Span)?.Message);
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

    private sealed class Frames(ModelCall call, Upstream upstream) : AnswerEvents
    {
        private readonly BedrockAnswerReader _reader = new(call);
        private readonly EventStream _events = new();

        public override async ValueTask<bool> ReadAsync(List<ChatDelta> into)
        {
            if (!await NextAsync())
            {
                return false;
            }

            if (_events.IsError)
            {
                var words = _events.ErrorMessage ?? Parse(_events.Payload)?.Message;
                into.Add(new ChatDelta { Error = BedrockProtocol.Reported(call.Model.Provider, _events.Type, words) });
            }
            else if (_reader.ReadEvent(_events.Type, Parse(_events.Payload)) is { } delta)
            {
                into.Add(delta);
            }
            else
            {
                upstream.Malformed("JSON that does not follow its protocol");
                return false;
            }

            return true;
        }

        public override void Dispose()
        {
            _events.Dispose();
            base.Dispose();
        }

        private async ValueTask<bool> NextAsync()
        {
            while (!_events.TryRead())
            {
                if (_events.IsBroken)
                {
                    upstream.Malformed("an event whose checksum does not hold");
                    return false;
                }

                var read = await upstream.ReadAsync(BedrockProtocol.StreamType, _events.Free());
                if (read == 0)
                {
                    return false;
                }

                _events.Advance(read);
            }

            return true;
        }
    }
}
