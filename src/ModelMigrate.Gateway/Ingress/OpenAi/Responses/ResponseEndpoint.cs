using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>Serves <c>POST /v1/responses</c>. A request that goes on with an earlier answer goes to the provider that holds it.</summary>
internal sealed class ResponseEndpoint(ChatServices services, AnswerHolders holders, ILogger<ResponseEndpoint> logger) : ChatEndpoint(services, logger)
{
    private const string Field = "previous_response_id";

    protected override bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem) =>
        ResponseReader.TryRead(bytes, out body, out problem);

    protected override ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode) => new ResponseClient(context, body.Bytes, mode, Time);

    protected override async ValueTask ServeAsync(HttpContext context, RoutingSnapshot snapshot, RouteSnapshot route, ChatBody body)
    {
        if (body.Previous is { } previous && route.Models.Any(model => model.Calls.Any(static call => call.TakesResponses)))
        {
            if (previous.StartsWith(ResponseWriter.OwnId, StringComparison.Ordinal))
            {
                await Refusals.WriteAsync(context, RequestProblem.Invalid(
                    "previous_response_not_found", $"'{Field}' names an answer that was translated from another protocol, which nobody keeps. Send the conversation as 'input'.", Field));
                return;
            }

            if (await holders.FindAsync(previous, route, context.RequestAborted) is not { } holder)
            {
                await Refusals.WriteAsync(context, RequestProblem.Invalid(
                    "previous_response_not_found", $"No provider of the route '{route.Id}' holds the answer that '{Field}' names. Send the conversation as 'input'.", Field));
                return;
            }

            body = body with { Holder = holder };
        }

        await base.ServeAsync(context, snapshot, route, body);
    }
}
