using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Tracing;
using ModelMigrate.Providers.Exchange.Uploads;
using ModelMigrate.Providers.Http;
using ModelMigrate.Providers.Http.Calls;
using ModelMigrate.Providers.OpenAi;

namespace ModelMigrate.Providers.Exchange.Forwarded;

/// <summary>Sends a request to a provider as it is; one try, whose head comes within the route's first-token limit.</summary>
internal sealed class Forwarding(ModelEndpoint endpoint, TimeProvider time)
{
    public async Task<ForwardedAnswer> SendAsync(ForwardedRequest request, CancellationToken cancellation)
    {
        using var span = AttemptSpan.Begin(request.Span, "forward", endpoint.Model);
        var answer = await SendAsync(request, AttemptSpan.Carry(span, request.Headers), cancellation);
        AttemptSpan.Answered(span, (int?)answer.Response?.StatusCode, answer.Error);
        return answer;
    }

    private async Task<ForwardedAnswer> SendAsync(ForwardedRequest request, IReadOnlyList<KeyValuePair<string, string>> sent, CancellationToken cancellation)
    {
        var provider = endpoint.Model.Provider;
        using var limit = new CancellationTokenSource(request.Limits.FirstToken, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var message = endpoint.NewRequest(
                UriOf(request), ContentOf(request), sent, request.Limits.Connect);
            message.Method = request.Method;
            var response = await endpoint.Connections.SendAsync(message, both.Token);
            if ((int)response.StatusCode is 401 or 402 or 403 or 407)
            {
                // What a provider says about our own credentials is not for clients.
                response.Dispose();
                return new ForwardedAnswer(null, new ChatError(
                    ChatErrorKind.Configuration, $"The provider '{provider.Id}' refused the gateway ({(int)response.StatusCode}); check its key in the configuration."));
            }

            var headers = new List<KeyValuePair<string, string>>();
            HeaderRules.Return(response.Headers, headers);
            return new ForwardedAnswer(response, null) { Headers = headers };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ForwardedAnswer(null, new ChatError(
                ChatErrorKind.Timeout, $"The provider '{provider.Id}' sent no answer within {request.Limits.FirstToken.TotalSeconds:0.###} s."));
        }
        catch (Exception e) when (request.Body?.Upload?.Broken is not null && UpstreamFailure.IsTransport(e))
        {
            return new ForwardedAnswer(null, new ChatError(ChatErrorKind.Request, $"The form broke off: {request.Body.Upload.Broken.Message}") { Status = 400, Code = "invalid_http" });
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            return new ForwardedAnswer(null, UpstreamFailure.Connection(provider, e));
        }
    }

    private Uri UriOf(ForwardedRequest request) => endpoint.Protocol == ProviderKind.Anthropic
        ? new Uri(endpoint.Model.Provider.BaseUrl.AbsoluteUri.TrimEnd('/') + "/v1" + request.Path)
        : OpenAiProtocol.ForwardUri(endpoint.Model, request.Path, namesModel: request.Body is { ModelName.Length: > 0 });

    private HttpContent? ContentOf(ForwardedRequest request) => request.Body switch
    {
        { Upload: { } form } => new UploadContent(form, form.Model.End == 0 ? [] : endpoint.NameText, scope: null, request.Limits.FirstToken),
        { } json => new ChatBodyContent(json, endpoint.NameJson, addUsage: false),
        null => request.Content,
    };
}
