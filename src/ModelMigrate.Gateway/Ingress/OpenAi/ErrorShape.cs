using ModelMigrate.Core.Chat;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress.OpenAi;

/// <summary>What an error looks like to a client of this protocol.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The protocol's class of error.</param>
/// <param name="Code">Machine-readable.</param>
internal readonly record struct ErrorShape(int Status, string Type, string? Code)
{
    public const string Invalid = "invalid_request_error";

    /// <summary>The one table of what a failed exchange is told as.</summary>
    public static ErrorShape Of(ChatError error) => error.Kind switch
    {
        ChatErrorKind.Request => new ErrorShape(error.Status is >= 400 and < 500 ? error.Status.Value : 400, Invalid, CodeOf(error)),
        ChatErrorKind.Throttled => new ErrorShape(429, "rate_limit_error", error.Code ?? "rate_limit_exceeded"),
        ChatErrorKind.Connection => new ErrorShape(502, "api_error", "upstream_unreachable"),
        ChatErrorKind.Malformed => new ErrorShape(502, "api_error", "upstream_malformed"),
        ChatErrorKind.Configuration => new ErrorShape(502, "api_error", "upstream_configuration"),
        ChatErrorKind.UnknownModel => new ErrorShape(404, Invalid, "model_not_found"),
        ChatErrorKind.Provider => new ErrorShape(error.Status is >= 500 and < 600 ? error.Status.Value : 502, "server_error", error.Code ?? "upstream_error"),
        ChatErrorKind.Timeout => new ErrorShape(504, "api_error", "upstream_timeout"),
        ChatErrorKind.Unavailable => new ErrorShape(503, "api_error", "unavailable"),
        _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
    };

    /// <summary>This protocol's own word for a refusal that clients act on, when the provider only named a class of errors.</summary>
    private static string? CodeOf(ChatError error) => error.Code is { } code && !code.EndsWith("_error", StringComparison.Ordinal)
        ? code
        : error.Reason switch
        {
            RefusalReason.None => error.Code,
            RefusalReason.ContextLength => "context_length_exceeded",
            RefusalReason.ContentPolicy => "content_policy_violation",
        };

    public static ErrorShape Of(in RequestProblem problem) =>
        new(problem.Status, TypeOf(problem), problem.Code);

    private static string TypeOf(in RequestProblem problem) => problem.Status switch
    {
        401 => "authentication_error",
        429 when problem.Code == "budget_exhausted" => "insufficient_quota",
        429 => "rate_limit_error",
        >= 500 => "api_error",
        _ => Invalid,
    };
}
