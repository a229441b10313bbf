using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Gemini;

/// <summary>Speaks Google's generateContent protocol.</summary>
public sealed class GeminiClient(ProviderConnections connections, TimeProvider time) : HttpModelClient(connections, time)
{
    private protected override HttpRequestMessage Request(ModelCall call, bool stream)
    {
        var content = new PooledContent(GeminiRequestWriter.Write(call.Model, call.Request, call.Changes, call.ExpectedBytes));
        var message = new ProviderRequest(GeminiProtocol.ChatUri(call.Model, stream), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Gemini);
        GeminiProtocol.Complete(message, call.Model.Provider);
        return message;
    }

    private protected override async ValueTask<ChatAnswer?> ReadWholeAsync(ModelCall call, Upstream upstream) =>
        await upstream.ReadWholeAsync(GeminiJson.Default.GeminiWire) switch
        {
            null => null,
            ({ Candidates: [{ FinishReason: not null }, ..] } or { PromptFeedback.BlockReason: not null }) and var answer =>
                ChatAnswer.Ok(new GeminiAnswerReader(call).Read(answer)),
            { Error: { } reported } => ChatAnswer.Failed(GeminiProtocol.Reported(call.Model.Provider, reported)),
            _ => ChatAnswer.Failed(upstream.Malformed("an answer without a candidate")),
        };

    private protected override AnswerEvents Events(ModelCall call, Upstream upstream) => new Chunks(call, upstream);

    private protected override ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
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

        return GeminiProtocol.Refused(provider, (int)response.StatusCode, HttpAnswer.RetryAfter(response.Headers, Now), failure);
    }

    private sealed class Chunks(ModelCall call, Upstream upstream) : AnswerEvents
    {
        private readonly GeminiAnswerReader _reader = new(call);

        public override async ValueTask<bool> ReadAsync(List<ChatDelta> into)
        {
            if (await upstream.ReadEventAsync(GeminiJson.Default.GeminiWire, GeminiWire.Done) is not { } next)
            {
                // The protocol has no end mark: the finish reason may come with a chunk that others follow, so it is told once the stream has ended.
                if (upstream.Error is null && _reader.End() is { } end)
                {
                    into.Add(end);
                }

                return false;
            }

            if (next.Error is { } reported)
            {
                into.Add(new ChatDelta { Error = GeminiProtocol.Reported(call.Model.Provider, reported) });
            }
            else
            {
                _reader.ReadChunk(next, into);
            }

            return true;
        }
    }
}
