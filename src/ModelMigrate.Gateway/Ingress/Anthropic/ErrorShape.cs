using ModelMigrate.Core.Chat;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress.Anthropic;

/// <summary>What an error looks like to a client of this protocol.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The protocol's class of error.</param>
/// <param name="Code">Machine-readable; the protocol has no such field, so it is an extra one.</param>
internal readonly record struct ErrorShape(int Status, string Type, string? Code)
{
    /// <summary>The one table of what a failed exchange is told as.</summary>
    public static ErrorShape Of(ChatError error) => error.Kind switch
    {
        ChatErrorKind.Request when error.Status is >= 400 and < 500 => new ErrorShape(error.Status.Value, TypeOf(error.Status.Value), error.Code),
        ChatErrorKind.Request => new ErrorShape(400, "invalid_request_error", error.Code),
        ChatErrorKind.Throttled => new ErrorShape(429, "rate_limit_error", error.Code ?? "rate_limit_exceeded"),
        ChatErrorKind.Connection => new ErrorShape(502, "api_error", "upstream_unreachable"),
        ChatErrorKind.Malformed => new ErrorShape(502, "api_error", "upstream_malformed"),
        ChatErrorKind.Configuration => new ErrorShape(502, "api_error", "upstream_configuration"),
        ChatErrorKind.UnknownModel => new ErrorShape(404, TypeOf(404), "model_not_found"),
        ChatErrorKind.Provider when error.Status is >= 500 and < 600 =>
            new ErrorShape(error.Status.Value, TypeOf(error.Status.Value), error.Code ?? "upstream_error"),
        ChatErrorKind.Provider => new ErrorShape(502, "api_error", error.Code ?? "upstream_error"),
        ChatErrorKind.Timeout => new ErrorShape(504, "timeout_error", "upstream_timeout"),
        ChatErrorKind.Unavailable => new ErrorShape(503, "overloaded_error", "unavailable"),
        _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
    };

    public static ErrorShape Of(in RequestProblem problem) => new(problem.Status, TypeOf(problem.Status), problem.Code);

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
