using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModelMigrate.Control.Api;

/// <summary>The admin API's log messages.</summary>
internal static partial class ControlApiLog
{
    public static void LogBug(HttpContext context, Exception bug) =>
        LogBug(context.RequestServices.GetRequiredService<ILogger<ControlPlane>>(), bug, context.Request.Method, context.Request.Path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogBug(ILogger log, Exception bug, string method, string path);
}
