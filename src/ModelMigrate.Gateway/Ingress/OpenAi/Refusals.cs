using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing;
using ModelMigrate.Gateway.Telemetry;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>Answers, in this protocol, what is refused before it is routed; counts and logs it.</summary>
internal sealed partial class Refusals(GatewayMeters meters, ILogger<Refusals> logger)
{
    public async Task WriteAsync(HttpContext context, RequestProblem problem)
    {
        var response = context.Response;
        var shape = ErrorShape.Of(problem);
        response.StatusCode = shape.Status;
        response.ContentType = Wire.Json;
        ResponseHeaders.WriteId(response.Headers, ResponseHeadersMode.Id, context.TraceIdentifier);
        using (var json = new Utf8JsonWriter(response.BodyWriter, Wire.Options))
        {
            Wire.WriteError(json, problem.Message, shape.Type, problem.Field, shape.Code);
        }

        LogRefused(context.TraceIdentifier, shape.Status, problem.Code);
        meters.RecordRefusal(problem.Code);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Debug, "Request {RequestId} refused with {Status} {Code}")]
    private partial void LogRefused(string requestId, int status, string code);
}
