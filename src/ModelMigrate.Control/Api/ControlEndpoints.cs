using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelMigrate.Control.Measuring;
using ModelMigrate.Control.Reports;
using ModelMigrate.Control.Security;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Api;

/// <summary>The admin API.</summary>
public static class ControlEndpoints
{
    /// <summary>What <see cref="MapControl"/> needs of the host: the API's JSON.</summary>
    public static IServiceCollection AddControlJson(this IServiceCollection services) => services.Configure<JsonOptions>(options =>
    {
        options.SerializerOptions.PropertyNamingPolicy = ApiJson.Default.Options.PropertyNamingPolicy;
        options.SerializerOptions.DefaultIgnoreCondition = ApiJson.Default.Options.DefaultIgnoreCondition;
        options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
    });

    /// <summary>
    /// Serves the admin API, <c>/healthz</c>, <c>/readyz</c> and <c>/openapi/v1.json</c>. <paramref name="isDraining"/> says when the
    /// process is about to end.
    /// </summary>
    public static void MapControl(this IEndpointRouteBuilder endpoints, ControlPlane control, Func<bool>? isDraining = null)
    {
        var guard = new AdminGuard(() => control.Config.Admin);
        endpoints.MapGet("/openapi/v1.json", (HttpContext context) => ApiDescription.WriteAsync(context, endpoints.DataSources))
            .AddEndpointFilter((context, next) => Guarded(guard, context, next)).ExcludeFromDescription();
        endpoints.MapGet("/healthz", () => Results.Text("ok\n")).ExcludeFromDescription();
        endpoints.MapGet("/readyz", () => isDraining?.Invoke() == true
            ? Results.Text("draining\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : control.Loop.Problem is { } problem ? Results.Text(problem + "\n", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready\n"))
            .ExcludeFromDescription();

        var api = endpoints.MapGroup("/api").AddEndpointFilter((context, next) => Guarded(guard, context, next));
        new MigrationEndpoints(control).Map(api);
        new CatalogEndpoints(control).Map(api);
        new ReportEndpoints(control).Map(api);
        new TrafficEndpoints(control).Map(api);
        // In the order of precedence these come last: a known path with another method, and everything else.
        foreach (var (pattern, allow) in s_known)
        {
            api.Map(pattern, (HttpContext context) =>
            {
                context.Response.Headers.Allow = allow;
                return Problems.Of(new Refusal(
                    StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"Use {allow} on {context.Request.Path}."));
            }).WithOrder(1).ExcludeFromDescription();
        }

        api.Map("/{**rest}", (HttpContext context) => Problems.Of(new Refusal(
            StatusCodes.Status404NotFound, "path_not_found", $"There is nothing at {context.Request.Path}. The API is described at /openapi/v1.json.")))
            .WithOrder(2).ExcludeFromDescription();
    }

    /// <summary>Serves <c>/metrics</c>: to everybody with <c>admin.openMetrics</c>, else like the admin API.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, ControlPlane control, Func<string> scrape)
    {
        var guard = new AdminGuard(() => control.Config.Admin);
        endpoints.MapGet("/metrics", () => Results.Text(scrape(), "text/plain; version=0.0.4", System.Text.Encoding.UTF8))
            .AddEndpointFilter((context, next) => control.Config.Admin.OpenMetrics ? next(context) : Guarded(guard, context, next))
            .ExcludeFromDescription();
    }

    private static readonly (string Pattern, string Allow)[] s_known =
    [
        ("/v1/status", "GET"),
        ("/v1/routes", "GET"),
        ("/v1/routes/{id}/traffic", "GET"),
        ("/v1/models", "GET"),
        ("/v1/events", "GET"),
        ("/v1/rollback", "POST"),
        ("/v1/migrations", "GET"),
        ("/v1/migrations/{id}", "GET"),
        ("/v1/migrations/{id}/evidence", "GET"),
        ("/v1/migrations/{id}/export", "GET"),
        ("/v1/migrations/{id}/report", "GET"),
        ("/v1/migrations/{id}/runbook", "GET"),
        ("/v1/migrations/{id}/{verb}", "POST"),
    ];

    private static async ValueTask<object?> Guarded(AdminGuard guard, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (guard.Check(context.HttpContext.Request) is { } refusal)
        {
            if (refusal.Status == StatusCodes.Status401Unauthorized)
            {
                context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            }

            return Problems.Of(refusal);
        }

        context.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
#pragma warning disable CA1031 // The boundary: a bug becomes a problem document, and its text stays in the log.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            ControlApiLog.LogBug(context.HttpContext, bug);
            return Problems.Of(new Refusal(StatusCodes.Status500InternalServerError, "internal", "The server made a mistake. Its log says more."));
        }
    }
}
