using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Providers.Exchange.Forwarded;

/// <summary>Sends a request to a provider as it is; one try, whose head comes within the route's first-token limit.</summary>
internal sealed class Forwarding(ModelEndpoint endpoint, TimeProvider time)
{
    public async Task<ForwardedAnswer> SendAsync(ForwardedRequest request, CancellationToken cancellation)
    {
        var provider = endpoint.Model.Provider;
        var version = provider.Kind == ProviderKind.Anthropic ? "/v1" : "";
        using var limit = new CancellationTokenSource(request.Limits.FirstToken, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var message = endpoint.NewRequest(
                new Uri(provider.BaseUrl.AbsoluteUri.TrimEnd('/') + version + request.Path), request.Content ?? new ByteArrayContent([]), request.Headers, request.Limits.Connect);
            message.Method = request.Method;
            if (request.Content is null)
            {
                message.Content = null;
            }

            var response = await endpoint.Connections.SendAsync(message, both.Token);
            var headers = new List<KeyValuePair<string, string>>();
            HeaderRules.Return(response.Headers, headers);
            return new ForwardedAnswer(response, null) { Headers = headers };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ForwardedAnswer(null, new ChatError(
                ChatErrorKind.Timeout, $"The provider '{provider.Id}' sent no answer within {request.Limits.FirstToken.TotalSeconds:0.###} s."));
        }
        catch (Exception e) when (UpstreamFailure.IsTransport(e))
        {
            return new ForwardedAnswer(null, UpstreamFailure.Connection(provider, e));
        }
    }
}
