using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Serves <c>GET /v1/models</c> and <c>/v1/models/ID</c>: the routes, which are the models that clients can name, in the protocol of the one who asks.</summary>
internal sealed class ModelsEndpoint(SnapshotFeed feed, Refusals refusals)
{
    public async Task ListAsync(HttpContext context)
    {
        var snapshot = feed.Current;
        var response = context.Response;
        if (!ClientKeys.TryFind(snapshot, context.Request, out var client))
        {
            await RefuseKeyAsync(context);
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

    public async Task RetrieveAsync(HttpContext context)
    {
        var snapshot = feed.Current;
        var response = context.Response;
        if (!ClientKeys.TryFind(snapshot, context.Request, out var client))
        {
            await RefuseKeyAsync(context);
            return;
        }

        // A client may have escaped a slash in the name; the server leaves that one as it is.
        var name = ((string?)context.Request.RouteValues["id"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (!snapshot.Routes.TryGetValue(name, out var route) || client?.MayUse(route.Id) == false)
        {
            await refusals.WriteAsync(context, UnknownModel.Of(snapshot, client, name));
            return;
        }

        response.ContentType = OpenAi.Wire.Json;
        using (var json = new Utf8JsonWriter(response.BodyWriter, OpenAi.Wire.Options))
        {
            if (ClientProtocol.Of(context.Request) == ProviderKind.Anthropic)
            {
                Anthropic.Wire.WriteModel(json, name, snapshot.At);
            }
            else
            {
                OpenAi.Wire.WriteModel(json, name, snapshot.At);
            }
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private Task RefuseKeyAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return refusals.WriteAsync(context, RequestProblem.UnknownKey);
    }
}
