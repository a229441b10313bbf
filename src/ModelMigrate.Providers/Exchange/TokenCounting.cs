using System.Diagnostics;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Chat.Changes;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Exchange.Answers;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Tracing;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;

namespace ModelMigrate.Providers.Exchange;

/// <summary>Asks a provider of the messages protocol for the length of a prompt; one try, within the route's first-token limit.</summary>
internal sealed class TokenCounting(ModelEndpoint endpoint, RouteLimits limits, TimeProvider time)
{
    /// <param name="body">The messages.</param>
    /// <param name="translated">The same in the neutral language, where its bytes must not pass; else null.</param>
    /// <param name="headers">The client's headers that go with it.</param>
    /// <param name="request">The span of the client's request, or null.</param>
    /// <param name="cancellation">The client is gone.</param>
    public async Task<TokenCount> RunAsync(
        ChatBody body, ChatRequest? translated, IReadOnlyList<KeyValuePair<string, string>> headers, Activity? request, CancellationToken cancellation)
    {
        using var span = AttemptSpan.Begin(request, "count_tokens", endpoint.Model);
        var count = await RunAsync(body, translated, AttemptSpan.Carry(span, headers), cancellation);
        AttemptSpan.Answered(span, status: null, count.Error);
        return count;
    }

    private async Task<TokenCount> RunAsync(ChatBody body, ChatRequest? translated, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        var provider = endpoint.Model.Provider;
        using var limit = new CancellationTokenSource(limits.FirstToken, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using HttpContent content = translated is null
                ? new ChatBodyContent(body, endpoint.NameJson, addUsage: false)
                : new PooledContent(AnthropicRequestWriter.WriteCount(endpoint.Model, translated, new ChangeList(), body.Bytes.Length));
            using var message = endpoint.NewRequest(new Uri(endpoint.ChatUri.AbsoluteUri + "/count_tokens"), content, headers, limits.Connect);
            using var response = await endpoint.Connections.SendAsync(message, both.Token);
            using var answer = await HttpAnswer.ReadAsync(response.Content, UpstreamFailure.MaxErrorBody, both.Token);
            if (answer is not null && response.IsSuccessStatusCode)
            {
                return new TokenCount(answer.Span.ToArray(), null);
            }

            var scanner = endpoint.NewScanner(body);
            var signs = answer is null ? AnswerSigns.Malformed : scanner.ScanBody(answer.Span);
            var error = scanner.Refusal(provider, (int)response.StatusCode, HttpAnswer.RetryAfter(response.Headers, time.GetUtcNow()));
            var pass = (signs & AnswerSigns.Error) != AnswerSigns.None && error.Kind != ChatErrorKind.Configuration;
            return new TokenCount(pass ? answer!.Span.ToArray() : default, error);
        }
        catch (OperationCanceledException)
        {
            return new TokenCount(default, new ChatError(
                ChatErrorKind.Timeout, $"The provider '{provider.Id}' sent no count within {limits.FirstToken.TotalSeconds:0.###} s."));
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            return new TokenCount(default, UpstreamFailure.Connection(provider, e));
        }
    }
}
