using Microsoft.AspNetCore.Http;
using ModelMigrate.Gateway.Ingress.OpenAi;

namespace ModelMigrate.Gateway.Ingress;

/// <summary>Answers every path under <c>/v1</c> that nothing serves, and every method that a served path does not know.</summary>
internal sealed class UnservedEndpoint(Refusals refusals, TimeProvider time)
{
    public const string Chat = "/v1/chat/completions";
    public const string Models = "/v1/models";

    public Task HandleAsync(HttpContext context)
    {
        context.TraceIdentifier = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var path = context.Request.Path.Value!.TrimEnd('/');
        var method = path.Equals(Chat, StringComparison.OrdinalIgnoreCase) ? HttpMethods.Post
            : path.Equals(Models, StringComparison.OrdinalIgnoreCase) ? HttpMethods.Get
            : null;
        if (method is null)
        {
            return refusals.WriteAsync(context, new RequestProblem(
                404, "unknown_endpoint", $"Nothing is served here. There are POST {Chat} and GET {Models}."));
        }

        context.Response.Headers.Allow = method;
        return refusals.WriteAsync(context, new RequestProblem(405, "method_not_allowed", $"The method must be {method}."));
    }
}
