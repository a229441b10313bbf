using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Core.Routing.Strategies;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress.Choosing;

/// <summary>
/// Reads a request's own strategy. While a migration runs on its route it is not followed, and the answer says so: requests that choose their
/// endpoint would make arms differ that are compared.
/// </summary>
internal static class StrategyWish
{
    /// <summary>False when the header names no strategy.</summary>
    public static bool TryRead(HttpContext context, RouteSnapshot route, out EndpointStrategy? strategy, out RequestProblem problem)
    {
        (strategy, problem) = (null, default);
        if (!context.Request.Headers.TryGetValue(ResponseHeaders.Strategy, out var header))
        {
            return true;
        }

        if (!StrategyWords.TryParse(header.ToString(), out var wished))
        {
            problem = RequestProblem.Invalid(
                "unknown_strategy", $"'{ResponseHeaders.Strategy}' names no strategy. Send one of {string.Join(", ", StrategyWords.All.Select(static known => known.Word))}.");
            return false;
        }

        var isIgnored = route.Split is { WeightPpm: > 0 };
        strategy = isIgnored ? null : wished;
        if (route.ResponseHeaders == ResponseHeadersMode.Full)
        {
            context.Response.Headers[ResponseHeaders.Strategy] = isIgnored
                ? $"{StrategyWords.Of(route.Strategy)}; {StrategyWords.Of(wished)} ignored while {route.Split!.Migration} runs"
                : StrategyWords.Of(wished);
        }

        return true;
    }
}
