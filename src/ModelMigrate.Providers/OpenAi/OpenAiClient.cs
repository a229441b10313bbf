using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;
using ModelMigrate.Providers.OpenAi.Wires;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Speaks the OpenAI chat completions protocol.</summary>
public sealed class OpenAiClient(ProviderConnections connections, TimeProvider time) : HttpModelClient(connections, time)
{
    private protected override HttpRequestMessage Request(ModelCall call, bool stream) =>
        OpenAiProtocol.Request(OpenAiProtocol.ChatUri(call.Model), call, OpenAiRequestWriter.Write(call.Model, call.Request, stream, call.Changes, call.ExpectedBytes));

    private protected override async ValueTask<ChatAnswer?> ReadWholeAsync(ModelCall call, Upstream upstream) =>
        await upstream.ReadWholeAsync(OpenAiJson.Default.OpenAiWire) switch
        {
            null => null,
            { Choices: [{ Message: not null } choice, ..] } answer => ChatAnswer.Ok(new OpenAiAnswerReader(call).Read(answer, choice)),
            { Error: { } reported } => ChatAnswer.Failed(Reported(call, reported)),
            _ => ChatAnswer.Failed(upstream.Malformed("an answer that is no chat completion")),
        };

    private protected override AnswerEvents Events(ModelCall call, Upstream upstream) => new Chunks(call, upstream);

    private protected override ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body) =>
        OpenAiProtocol.Refused(provider, response, body, Now);

    private static ChatError Reported(ModelCall call, OpenAiWire.Failure failure) =>
        OpenAiProtocol.Reported(call.Model.Provider, failure.Message, failure.Name);

    private sealed class Chunks(ModelCall call, Upstream upstream) : AnswerEvents
    {
        private readonly OpenAiAnswerReader _reader = new(call);

        public override async ValueTask<bool> ReadAsync(List<ChatDelta> into)
        {
            var next = await upstream.ReadEventAsync(OpenAiJson.Default.OpenAiWire, OpenAiWire.Done);
            if (next is null || ReferenceEquals(next, OpenAiWire.Done))
            {
                return false;
            }

            if (next.Error is { } reported)
            {
                into.Add(new ChatDelta { Error = Reported(call, reported) });
            }
            else
            {
                _reader.ReadChunk(next, into);
            }

            return true;
        }
    }
}
