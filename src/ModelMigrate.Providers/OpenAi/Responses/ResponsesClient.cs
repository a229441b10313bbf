using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Speaks the OpenAI responses protocol. Nothing is left with the provider: each request tells the whole conversation.</summary>
public sealed class ResponsesClient(ProviderConnections connections, TimeProvider time) : IModelClient
{
    /// <summary>Stands for the end mark that some servers write.</summary>
    private static readonly JsonDocument s_done = JsonDocument.Parse("{}");

    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            return ChatAnswer.Failed(refusal);
        }

        using var answer = await upstream.ReadWholeAsync(ResponseJson.Default.JsonDocument);
        return answer is null ? ChatAnswer.Failed(upstream.Error!) : Read(call, upstream, answer.RootElement);
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

        var reader = new ResponseAnswerReader(call);
        var finished = false;
        while (!finished && await upstream.ReadEventAsync(ResponseJson.Default.JsonDocument, s_done) is { } next)
        {
            if (ReferenceEquals(next, s_done))
            {
                break;
            }

            using (next)
            {
                var delta = Read(upstream, reader, next.RootElement);
                if (delta != default)
                {
                    finished = delta.Finish is not null;
                    yield return delta;
                }

                if (delta.Error is not null)
                {
                    yield break;
                }
            }
        }

        if (!finished)
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }
    }

    private static ChatAnswer Read(ModelCall call, Upstream upstream, JsonElement response)
    {
        try
        {
            if (ResponseAnswerReader.ErrorOf(call.Model.Provider, response) is { } reported)
            {
                return ChatAnswer.Failed(reported);
            }

            if (ResponseAnswerReader.IsAnswer(response))
            {
                return ChatAnswer.Ok(new ResponseAnswerReader(call).Read(response));
            }

            upstream.Malformed<object>("an answer that is no whole response");
        }
        catch (InvalidOperationException)
        {
            upstream.Malformed<object>("an answer with a text that is none");
        }

        return ChatAnswer.Failed(upstream.Error!);
    }

    private static ChatDelta Read(Upstream upstream, ResponseAnswerReader reader, JsonElement next)
    {
        try
        {
            return reader.ReadEvent(next);
        }
        catch (InvalidOperationException)
        {
            upstream.Malformed<object>("an event with a text that is none");
            return new ChatDelta { Error = upstream.Error };
        }
    }

    private static HttpRequestMessage Request(ModelCall call, bool stream)
    {
        var provider = call.Model.Provider;
        var content = new PooledContent(ResponseRequestWriter.Write(call.Model, call.Request, stream, call.Changes));
        var message = OpenAiProtocol.Request(
            OpenAiProtocol.ResponsesUri(call.Model), provider, OpenAiProtocol.CredentialOf(provider), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.OpenAi);
        return message;
    }

    private ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body) =>
        OpenAiProtocol.Refused(provider, response, body, time.GetUtcNow());

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
