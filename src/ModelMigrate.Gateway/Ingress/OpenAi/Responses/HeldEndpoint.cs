using Microsoft.AspNetCore.Http;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Gateway.Limits;
using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Providers.Exchange;
using ModelMigrate.Providers.Exchange.Forwarded;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Responses;

/// <summary>
/// Serves what is asked of an answer that a provider holds (<c>GET</c> and <c>DELETE /v1/responses/ID</c>, <c>/input_items</c>,
/// <c>POST</c> of <c>/cancel</c> alone): sent on to the holder. No model is asked, so nothing is metered.
/// </summary>
internal sealed class HeldEndpoint(SnapshotFeed feed, Refusals refusals, ExchangeRunner exchanges, AnswerHolders holders, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.TraceIdentifier = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var snapshot = feed.Current;
        if (!ClientKeys.TryFind(snapshot, context.Request, out var client))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await refusals.WriteAsync(context, RequestProblem.UnknownKey);
            return;
        }

        var id = (string)context.Request.RouteValues["id"]!;
        var path = context.Request.Path.Value!["/v1".Length..];
        foreach (var model in holders.Candidates(id, snapshot.Routes.Values.Where(route => client?.MayUse(route.Id) != false).SelectMany(route => route.Models)))
        {
            using var answer = await exchanges.ForwardAsync(
                new ForwardedRequest
                {
                    Model = model, Method = new HttpMethod(context.Request.Method), Path = path + context.Request.QueryString.Value, Limits = RouteLimits.Default,
                    Headers = [.. context.Request.Headers.Where(h => HeaderRules.MayLeave(h.Key)).Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()))],
                    Span = RequestSpan.Of(context)?.Activity,
                }, context.RequestAborted);
            if (answer is { Response: { } response } && (int)response.StatusCode != StatusCodes.Status404NotFound)
            {
                await AnswerCopy.WriteAsync(context, answer, response, RouteLimits.Default, time);
                return;
            }
        }

        await refusals.WriteAsync(context, new RequestProblem(
            404, "response_not_found", "No provider holds an answer of this id. Answers of models of other protocols are kept by nobody."));
    }
}
