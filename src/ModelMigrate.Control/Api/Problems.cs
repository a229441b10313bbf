using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ModelMigrate.Core.Api;

namespace ModelMigrate.Control.Api;

/// <summary>Answers refusals as problem documents (RFC 9457).</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static IResult Of(Refusal refusal) => TypedResults.Json(View(refusal), ApiJson.Default.ProblemView, ContentType, refusal.Status);

    public static Task WriteAsync(HttpContext context, Refusal refusal) => Of(refusal).ExecuteAsync(context);

    private static ProblemView View(Refusal refusal) => new()
    {
        Title = ReasonPhrases.GetReasonPhrase(refusal.Status),
        Status = refusal.Status,
        Code = refusal.Code,
        Detail = refusal.Detail,
        Errors = refusal.Errors,
    };
}
