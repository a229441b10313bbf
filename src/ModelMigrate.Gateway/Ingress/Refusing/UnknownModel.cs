using ModelMigrate.Core.Configuration.Reading;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;

namespace ModelMigrate.Gateway.Ingress.Refusing;

/// <summary>What a client hears that names a model which is no route, or none of its own: it cannot tell the two apart.</summary>
internal static class UnknownModel
{
    public static RequestProblem Of(RoutingSnapshot snapshot, ClientSnapshot? client, string name)
    {
        var known = snapshot.Routes.Values.Where(route => client?.MayUse(route.Id) != false).Select(static route => route.Id.Value);
        var shown = name.Length <= 100 ? name : string.Concat(name.AsSpan(0, 100), "…");
        var hint = NearestName.Of(name, known) is { } near ? $"Did you mean '{near}'?" : "GET /v1/models lists the routes.";
        return new RequestProblem(404, "model_not_found", $"The model '{shown}' does not exist{(client?.Routes is null ? "" : ", or this key may not use it")}. {hint}", "model");
    }
}
