using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Speaks the Anthropic messages protocol.</summary>
public sealed class AnthropicClient(ProviderConnections connections, TimeProvider time) : IModelClient
{
    private const string ProtocolVersion = "2023-06-01";

    public async Task<ChatAnswer> CompleteAsync(ModelCall call, CancellationToken cancellation)
    {
        await using var upstream = Open(call, cancellation);
        using var message = Request(call, stream: false);
        var answer = await upstream.SendAsync(message, call.AnswerHeaders, (r, body) => Refused(call.Model.Provider, r, body))
            ? await upstream.ReadWholeAsync(AnthropicJson.Default.AnthropicWire)
            : null;
        if (answer is { Content: not null, Type: "message", StopReason: { } reason })
        {
            return ChatAnswer.Ok(new ChatResult
            {
                Id = answer.Id ?? "", Model = answer.Model ?? call.Model.Name, Text = TextOf(answer.Content), Finish = FinishOf(reason),
                Usage = UsageOf(answer.Usage, before: null),
            });
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
        if (!await upstream.SendAsync(message, call.AnswerHeaders, (r, body) => Refused(call.Model.Provider, r, body)))
        {
            yield return new ChatDelta { Error = upstream.Error };
            yield break;
        }

        Usage? usage = null;
        var finished = false;
        while (await upstream.ReadEventAsync(AnthropicJson.Default.AnthropicWire, AnthropicWire.Stop) is { } next)
        {
            if (next.Type == "message_stop")
            {
                break;
            }

            var delta = Read(next, call.Model.Provider, ref usage);
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

    private static ChatDelta Read(AnthropicWire next, ProviderSnapshot provider, ref Usage? usage)
    {
        switch (next.Type)
        {
            case "message_start":
                usage = UsageOf(next.Message?.Usage, usage);
                return new ChatDelta { Id = next.Message?.Id, Model = next.Message?.Model, Usage = usage };
            case "content_block_start":
                return new ChatDelta { Text = next.ContentBlock?.Type == "text" ? next.ContentBlock.Text : null };
            case "content_block_delta":
                return new ChatDelta { Text = next.Delta?.Type == "text_delta" ? next.Delta.Text : null };
            case "message_delta":
                usage = UsageOf(next.Usage, usage);
                return new ChatDelta { Finish = next.Delta?.StopReason is { } reason ? FinishOf(reason) : null, Usage = usage };
            case "error":
                return new ChatDelta { Error = Reported(provider, next.Error) };
            default:
                // Pings, block ends, and whatever the protocol adds: its rules ask clients to ignore events that they do not know.
                return default;
        }
    }

    private static FinishReason FinishOf(string reason) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "refusal" => FinishReason.ContentFilter,
        _ => FinishReason.Stop,
    };

    /// <summary>
    /// This protocol counts fresh, cache-written and cache-read input apart; the neutral language counts the whole prompt once.
    /// The last event's totals hold, and what it leaves out stands as before.
    /// </summary>
    private static Usage? UsageOf(AnthropicWire.Tokens? tokens, Usage? before)
    {
        if (tokens is null)
        {
            return before;
        }

        var input = tokens.InputTokens is { } fresh
            ? fresh + (tokens.CacheCreationInputTokens ?? 0) + (tokens.CacheReadInputTokens ?? 0)
            : before?.InputTokens ?? 0;
        return new Usage(input, tokens.OutputTokens ?? before?.OutputTokens ?? 0, tokens.CacheReadInputTokens ?? before?.CachedInputTokens ?? 0);
    }

    private static string TextOf(IReadOnlyList<AnthropicWire.Block> blocks)
    {
        var texts = blocks.Where(block => block.Type == "text").Select(block => block.Text);
        return new StringBuilder().AppendJoin(separator: "", texts).ToString();
    }

    private static ChatError Reported(ProviderSnapshot provider, AnthropicWire.Failure? failure) => new(
        failure?.Type switch
        {
            "rate_limit_error" => ChatErrorKind.Throttled,
            "timeout_error" => ChatErrorKind.Timeout,
            "invalid_request_error" or "request_too_large" => ChatErrorKind.Request,
            "authentication_error" or "permission_error" or "not_found_error" or "billing_error" => ChatErrorKind.Configuration,
            _ => ChatErrorKind.Provider,
        },
        $"The provider '{provider.Id}' reported: {failure?.Message ?? "an error without a reason"}")
    {
        Code = failure?.Type,
    };

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

        var status = (int)response.StatusCode;
        var kind = UpstreamFailure.KindOf(status);
        var reason = failure?.Message ?? "no reason given";
        var message = kind switch
        {
            ChatErrorKind.Request or ChatErrorKind.Throttled => reason,
            ChatErrorKind.Configuration =>
                $"The provider '{provider.Id}' refused the gateway ({status}); check its key and the model's name in the configuration.",
            _ => $"The provider '{provider.Id}' failed with status {status}: {reason}",
        };
        return new ChatError(kind, message)
        {
            Status = status, Code = failure?.Type, RetryAfter = UpstreamFailure.RetryAfter(response.Headers, time.GetUtcNow()),
        };
    }

    private static ProviderRequest Request(ModelCall call, bool stream)
    {
        var provider = call.Model.Provider;
        var content = new ReadOnlyMemoryContent(AnthropicRequestWriter.Write(call.Model, call.Request, stream));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var message = new ProviderRequest(new Uri(provider.BaseUrl.AbsoluteUri.TrimEnd('/') + "/v1/messages"), content, call.ConnectLimit);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        HeaderRules.Forward(call.Headers, message.Headers, ProviderKind.Anthropic);
        if (!message.Headers.NonValidated.Contains("anthropic-version"))
        {
            message.Headers.TryAddWithoutValidation("anthropic-version", ProtocolVersion);
        }

        if (provider.ApiKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("x-api-key", key.Reveal());
        }

        return message;
    }

    private Upstream Open(ModelCall call, CancellationToken cancellation) =>
        new(call.Model.Provider, connections.For(call.Model.Provider), cancellation);
}
