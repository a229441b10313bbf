using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Serves <c>GET /v1/models</c>: the routes, which are the models that clients can name, in the protocol of the one who asks.</summary>
internal sealed class ModelsEndpoint(SnapshotFeed feed, Refusals refusals)
{
    public async Task HandleAsync(HttpContext context)
    {
        var snapshot = feed.Current;
        var response = context.Response;
        if (!ClientKeys.TryFind(snapshot, context.Request, out var client))
        {
            response.Headers.WWWAuthenticate = "Bearer";
            await refusals.WriteAsync(context, RequestProblem.UnknownKey);
            return;
        }

        response.ContentType = OpenAi.Wire.Json;
        using (var json = new Utf8JsonWriter(response.BodyWriter, OpenAi.Wire.Options))
        {
            string[] routes = [.. snapshot.Routes.Values.Where(route => client?.MayUse(route.Id) != false).Select(route => route.Id.Value).Order(StringComparer.Ordinal)];
            if (ClientProtocol.Of(context.Request) == ProviderKind.Anthropic)
            {
                Anthropic.Wire.WriteModels(json, routes, snapshot.At);
            }
            else
            {
                OpenAi.Wire.WriteModels(json, routes, snapshot.At);
            }
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
