using System.Runtime.CompilerServices;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Speaks the OpenAI chat completions protocol.</summary>
public sealed class OpenAiClient(ProviderConnections connections, TimeProvider time) : IModelClient
{
    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        if (await upstream.AskAsync(call, message, Refused) is { } refusal)
        {
            return ChatAnswer.Failed(refusal);
        }

        var answer = await upstream.ReadWholeAsync(OpenAiJson.Default.OpenAiWire);
        if (answer is { Choices: [{ Message: not null } choice, ..] })
        {
            return ChatAnswer.Ok(new OpenAiAnswerReader(call).Read(answer, choice));
        }

        if (answer is { Error: { } reported })
        {
            return ChatAnswer.Failed(Reported(call.Model.Provider, reported));
        }

        if (answer is not null)
        {
            upstream.Malformed<object>("an answer that is no chat completion");
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

        var reader = new OpenAiAnswerReader(call);
        var deltas = new List<ChatDelta>();
        var finished = false;
        while (await upstream.ReadEventAsync(OpenAiJson.Default.OpenAiWire, OpenAiWire.Done) is { } next)
        {
            if (ReferenceEquals(next, OpenAiWire.Done))
            {
                break;
            }

            if (next.Error is { } reported)
            {
                yield return new ChatDelta { Error = Reported(call.Model.Provider, reported) };
                yield break;
            }

            deltas.Clear();
            reader.ReadChunk(next, deltas);
            foreach (var delta in deltas)
            {
                finished |= delta.Finish is not null;
                yield return delta;
            }
        }

        if (upstream.Error is not null || !finished)
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }
    }

    private static ChatError Reported(ProviderSnapshot provider, OpenAiWire.Failure failure) =>
        OpenAiProtocol.Reported(provider, failure.Message, failure.Name);

    private static HttpRequestMessage Request(ModelCall call, bool stream)
    {
        var provider = call.Model.Provider;
        var content = new PooledContent(OpenAiRequestWriter.Write(call.Model, call.Request, stream, call.Changes));
        var message = OpenAiProtocol.Request(
            OpenAiProtocol.ChatUri(call.Model), provider, OpenAiProtocol.CredentialOf(provider), content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.OpenAi);
        return message;
    }

    private ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body) =>
        OpenAiProtocol.Refused(provider, response, body, time.GetUtcNow());

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
