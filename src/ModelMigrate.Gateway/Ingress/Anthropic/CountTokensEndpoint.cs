using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>
/// Serves <c>POST /v1/messages/count_tokens</c>: asks the route's model, or a migration's target when only that one is of a provider that
/// counts. Nothing is estimated: a wrong count is worse than none. It is no chat request, so it is no evidence and costs no exposure.
/// </summary>
internal sealed class CountTokensEndpoint(ChatServices services, ILogger<CountTokensEndpoint> logger) : ChatEndpoint(services, logger)
{
    protected override bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem) =>
        Reader.TryRead(bytes, out body, out problem);

    protected override ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode) => new ClientSide(context, mode);

    protected override async ValueTask ServeAsync(HttpContext context, RoutingSnapshot snapshot, RouteSnapshot route, ChatBody body)
    {
        ModelSnapshot?[] models = [route.Split?.Source ?? route.Model, route.Split?.Target];
        if (Array.Find(models, model => model?.Provider.Kind == ProviderKind.Anthropic) is not { } model)
        {
            await Refusals.WriteAsync(context, new RequestProblem(
                400, "unsupported_endpoint", $"The provider of '{route.Id}' does not count tokens. Count without the gateway, or send the message and read its usage."));
            return;
        }

        using var client = ClientOf(context, body, route.ResponseHeaders);
        var count = await Exchanges.CountTokensAsync(
            route, model, body, client, Leaving(context.Request.Headers) ?? [], RequestSpan.Of(context)?.Activity, context.RequestAborted);
        ResponseHeaders.WriteId(context.Response.Headers, route.ResponseHeaders, context.TraceIdentifier);
        if (count.Error is { } error)
        {
            await client.FailAsync(new ExchangeFailure { Error = error, Body = count.Body });
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = count.Body.Length;
        await client.WriteAsync(count.Body, context.RequestAborted);
    }
}
