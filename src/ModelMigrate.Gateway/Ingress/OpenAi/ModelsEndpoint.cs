using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Serves <c>GET /v1/models</c>: the routes, which are the models that clients can name.</summary>
internal sealed class ModelsEndpoint(SnapshotFeed feed, Refusals refusals)
{
    public async Task HandleAsync(HttpContext context)
    {
        var snapshot = feed.Current;
        var response = context.Response;
        if (!ClientKeys.IsAllowed(snapshot, context.Request))
        {
            response.Headers.WWWAuthenticate = "Bearer";
            await refusals.WriteAsync(context, RequestProblem.UnknownKey);
            return;
        }

        response.ContentType = Wire.Json;
        using (var json = new Utf8JsonWriter(response.BodyWriter, Wire.Options))
        {
            Write(json, snapshot);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, RoutingSnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var route in snapshot.Routes.Values.OrderBy(route => route.Id.Value, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, route.Id.Value);
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, snapshot.At.ToUnixTimeSeconds());
            json.WriteString("owned_by"u8, "model-migrate"u8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
