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
        var answer = await upstream.SendAsync(message, call.AnswerHeaders, (r, body) => Refused(call.Model.Provider, r, body))
            ? await upstream.ReadWholeAsync(OpenAiJson.Default.OpenAiWire)
            : null;
        if (answer is { Choices: [{ Message: { } text } choice, ..] })
        {
            return ChatAnswer.Ok(new ChatResult
            {
                Id = answer.Id ?? "", Model = answer.Model ?? call.Model.Name, Text = text.Text ?? "", Finish = FinishOf(choice.FinishReason),
                Usage = UsageOf(answer.Usage),
            });
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
        if (!await upstream.SendAsync(message, call.AnswerHeaders, (r, body) => Refused(call.Model.Provider, r, body)))
        {
            yield return new ChatDelta { Error = upstream.Error };
            yield break;
        }

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

            var choice = next.Choices is [var first, ..] ? first : null;
            finished |= choice?.FinishReason is not null;
            yield return new ChatDelta
            {
                Id = next.Id, Model = next.Model, Text = choice?.Delta?.Text,
                Finish = choice?.FinishReason is { } reason ? FinishOf(reason) : null, Usage = UsageOf(next.Usage),
            };
        }

        if (upstream.Error is not null || !finished)
        {
            yield return new ChatDelta { Error = upstream.Error ?? upstream.Broken() };
        }
    }

    private static FinishReason FinishOf(string? reason) => reason switch
    {
        "length" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Stop,
    };

    private static Usage? UsageOf(OpenAiWire.Tokens? tokens) => tokens is null
        ? null
        : new Usage(tokens.PromptTokens, tokens.CompletionTokens, tokens.PromptTokensDetails?.CachedTokens ?? 0);

    private static ChatError Reported(ProviderSnapshot provider, OpenAiWire.Failure failure) =>
        new(ChatErrorKind.Provider, $"The provider '{provider.Id}' reported: {failure.Message ?? "an error without a reason"}")
        {
            Code = failure.Type,
        };

    private static HttpRequestMessage Request(ModelCall call, bool stream)
    {
        var provider = call.Model.Provider;
        var content = new ReadOnlyMemoryContent(OpenAiRequestWriter.Write(call.Model, call.Request, stream));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var message = OpenAiProtocol.Request(
            OpenAiProtocol.ChatUri(provider), provider.ApiKey is { } key ? "Bearer " + key.Reveal() : null, content, call.ConnectLimit);
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.OpenAi);
        return message;
    }

    private ChatError Refused(ProviderSnapshot provider, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var scanner = new AnswerScanner(knownVersion: null);
        scanner.ScanBody(body.Span);
        return OpenAiProtocol.Error(
            provider, (int)response.StatusCode, UpstreamFailure.RetryAfter(response.Headers, time.GetUtcNow()), scanner);
    }

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
