using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Telemetry;

namespace ModelMigrate.Gateway.Ingress.Refusing;

/// <summary>Answers, in the client's protocol, what is refused before it is routed; counts and logs it.</summary>
internal sealed partial class Refusals(GatewayMeters meters, ILogger<Refusals> logger)
{
    public async Task WriteAsync(HttpContext context, RequestProblem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = OpenAi.Wire.Json;
        ResponseHeaders.WriteId(response.Headers, ResponseHeadersMode.Id, context.TraceIdentifier);
        if (problem.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        using (var json = new Utf8JsonWriter(response.BodyWriter, OpenAi.Wire.Options))
        {
            if (ClientProtocol.Of(context.Request) == ProviderKind.Anthropic)
            {
                Anthropic.Wire.WriteError(json, problem.Message, Anthropic.ErrorShape.Of(problem).Type, problem.Code, context.TraceIdentifier);
            }
            else
            {
                OpenAi.Wire.WriteError(json, problem.Message, OpenAi.ErrorShape.Of(problem).Type, problem.Field, problem.Code);
            }
        }

        LogRefused(context.TraceIdentifier, problem.Status, problem.Code);
        meters.RecordRefusal(problem.Code);
        RequestSpan.Of(context)?.Refuse(problem.Code);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Debug, "Request {RequestId} refused with {Status} {Code}")]
    private partial void LogRefused(string requestId, int status, string code);
}
