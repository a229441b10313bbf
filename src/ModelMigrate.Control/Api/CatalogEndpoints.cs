using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Api;

/// <summary>What is served: status, routes, models.</summary>
internal sealed class CatalogEndpoints(ControlPlane control)
{
    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/status", Status).Produces<StatusView>();
        api.MapGet("/v1/routes", Routes).Produces<IReadOnlyList<RouteView>>();
        api.MapGet("/v1/models", Models).Produces<IReadOnlyList<ModelView>>();
    }

    private IResult Status()
    {
        var (reading, snapshot) = (control.Controller.Latest, control.Feed.Current);
        return Results.Json(
            new StatusView
            {
                Revision = snapshot.Revision,
                Cause = snapshot.Cause,
                PublishedAt = snapshot.At,
                ControlProblem = control.Loop.Problem is not { } problem ? null
                    : problem + (control.Feed.IsControlAlive ? "" : " Targets that are not proven get no traffic meanwhile."),
                StoreHealthy = reading.StoreProblem is null,
                StoreBytes = control.Journal.SizeBytes,
                ConfigurationProblems = reading.ConfigurationProblems,
                Disagreements = reading.Disagreements,
                Migrations = [.. reading.Rollouts.Select(Views.Summary)],
            },
            ApiJson.Default.StatusView);
    }

    private IResult Routes() => Results.Json(
        [.. control.Feed.Current.Routes.Values.OrderBy(route => route.Id.Value, StringComparer.Ordinal).Select(Views.Route)],
        ApiJson.Default.IReadOnlyListRouteView);

    private IResult Models() => Results.Json(
        [.. control.Controller.Latest.Loaded.Catalog.Values.OrderBy(model => model.Id.Value, StringComparer.Ordinal).Select(Views.Model)],
        ApiJson.Default.IReadOnlyListModelView);
}
