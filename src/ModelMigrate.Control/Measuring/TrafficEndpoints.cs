using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModelMigrate.Control.Api;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Measuring;

/// <summary>What was measured of a route's traffic, for a forecast.</summary>
internal sealed class TrafficEndpoints(ControlPlane control)
{
    private const int UsualDays = 7, MostDays = 366;

    public void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/v1/routes/{id}/traffic", Show).Produces<TrafficView>().Produces<ProblemView>(404, Problems.ContentType);

    private IResult Show(string id, HttpRequest request)
    {
        var text = request.Query["days"].ToString();
        var days = UsualDays;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > MostDays))
        {
            return Problems.Of(new Refusal(StatusCodes.Status400BadRequest, "invalid_days", $"days is '{text}'. Write a number from 1 to {MostDays}."));
        }

        var all = control.Controller.Latest;
        if (!control.Feed.Current.Routes.ContainsKey(id))
        {
            return Problems.Of(new Refusal(
                StatusCodes.Status404NotFound, "route_not_found",
                $"There is no route '{id}'. There are: {string.Join(", ", control.Feed.Current.Routes.Keys.Order(StringComparer.Ordinal))}."));
        }

        return Results.Json(
            TrafficMeasure.Of(
                control.Journal, id, [.. all.Rollouts.Where(item => item.Spec.Route.Value == id).Select(item => item.Spec.Id.Value)], attempt: null, all.At.AddDays(-days)),
            ApiJson.Default.TrafficView);
    }
}
