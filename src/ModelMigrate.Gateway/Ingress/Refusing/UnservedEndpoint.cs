using Microsoft.AspNetCore.Http;

namespace ModelMigrate.Gateway.Ingress.Refusing;

/// <summary>Answers every path under <c>/v1</c> that nothing serves and every method that a served path does not know: passed on where a route allows it, else refused.</summary>
internal sealed class UnservedEndpoint(Refusals refusals, PassThroughEndpoint passing, TimeProvider time)
{
    public const string Chat = "/v1/chat/completions";
    public const string Completions = "/v1/completions";
    public const string Embeddings = "/v1/embeddings";
    public const string Transcriptions = "/v1/audio/transcriptions";
    public const string Translations = "/v1/audio/translations";
    public const string Responses = "/v1/responses";
    public const string HeldResponses = "/v1/responses/{id}/{**rest}";
    public const string CancelledResponse = "/v1/responses/{id}/cancel";
    public const string Messages = "/v1/messages";
    public const string CountTokens = "/v1/messages/count_tokens";
    public const string Models = "/v1/models";
    public const string Model = "/v1/models/{**id}";

    private static readonly (string Path, string Method)[] s_served =
    [
        (Chat, HttpMethods.Post), (Completions, HttpMethods.Post), (Embeddings, HttpMethods.Post), (Transcriptions, HttpMethods.Post), (Translations, HttpMethods.Post),
        (Responses, HttpMethods.Post),
        (Messages, HttpMethods.Post), (CountTokens, HttpMethods.Post),
        (Models, HttpMethods.Get),
    ];

    public Task HandleAsync(HttpContext context)
    {
        context.TraceIdentifier = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var path = context.Request.Path.Value!.TrimEnd('/');
        if (passing.IsOpen)
        {
            // Another method of a served path is another endpoint: GET /v1/chat/completions lists what a provider keeps.
            return passing.PassAsync(context);
        }

        var method = Array.Find(s_served, served => path.Equals(served.Path, StringComparison.OrdinalIgnoreCase)).Method;
        if (method is null)
        {
            return refusals.WriteAsync(context, new RequestProblem(
                404, "unknown_endpoint", $"Nothing is served here. There are {string.Join(", ", s_served.Select(s => $"{s.Method} {s.Path}"))}."));
        }

        context.Response.Headers.Allow = method;
        return refusals.WriteAsync(context, new RequestProblem(405, "method_not_allowed", $"The method must be {method}."));
    }
}
