namespace ModelMigrate.Serving;

/// <summary>
/// Keeps the admin API off the gateway's listeners, and the gateway off the admin's, when <c>--admin-urls</c> separates them. Health answers on both.
/// </summary>
internal sealed class ListenerSplit
{
    private HashSet<int>? _adminPorts;

    /// <summary>Known once the ports are bound.</summary>
    public void SetAdminPorts(IEnumerable<int> ports) => _adminPorts = [.. ports];

    public Task RouteAsync(HttpContext context, RequestDelegate next)
    {
        if (_adminPorts is null || context.Request.Path.Value is "/healthz" or "/readyz")
        {
            return next(context);
        }

        var gateway = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
        if (gateway != _adminPorts.Contains(context.Connection.LocalPort))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
