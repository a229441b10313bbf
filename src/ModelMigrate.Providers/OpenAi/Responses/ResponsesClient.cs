using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Speaks the OpenAI responses protocol. Nothing is left with the provider: each request tells the whole conversation.</summary>
public sealed class ResponsesClient(ProviderConnections connections, TimeProvider time) : HttpModelClient(connections, time)
{
    /// <summary>Stands for the end mark that some servers write.</summary>
    private static readonly JsonDocument s_done = JsonDocument.Parse("{}");

    private protected override HttpRequestMessage Request(ModelCall call, bool stream) =>
        OpenAiProtocol.Request(OpenAiProtocol.ResponsesUri(call.Model), call, ResponseRequestWriter.Write(call.Model, call.Request, stream, call.Changes, call.ExpectedBytes));

    private protected override async ValueTask<ChatAnswer?> ReadWholeAsync(ModelCall call, Upstream upstream)
    {
        using var answer = await upstream.ReadWholeAsync(ResponseJson.Default.JsonDocument);
        return answer is null ? null : Read(call, upstream, answer.RootElement);
    }

    private protected override AnswerEvents Events(ModelCall call, Upstream upstream) => new ResponseEvents(call, upstream);

    private protected override ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body) =>
        OpenAiProtocol.Refused(provider, response, body, Now);

    private static ChatAnswer Read(ModelCall call, Upstream upstream, JsonElement response) =>
        ResponseAnswerReader.ErrorOf(call.Model.Provider, response) is { } reported ? ChatAnswer.Failed(reported)
        : ResponseAnswerReader.IsAnswer(response) ? ChatAnswer.Ok(new ResponseAnswerReader(call).Read(response))
        : ChatAnswer.Failed(upstream.Malformed("an answer that is no whole response"));

    private sealed class ResponseEvents(ModelCall call, Upstream upstream) : AnswerEvents
    {
        private readonly ResponseAnswerReader _reader = new(call);

        public override async ValueTask<bool> ReadAsync(List<ChatDelta> into)
        {
            var next = await upstream.ReadEventAsync(ResponseJson.Default.JsonDocument, s_done);
            if (next is null || ReferenceEquals(next, s_done))
            {
                return false;
            }

            using (next)
            {
                var delta = _reader.ReadEvent(next.RootElement);
                if (delta != default)
                {
                    into.Add(delta);
                }

                return delta.Finish is null;
            }
        }
    }
}
