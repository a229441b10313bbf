using System.Runtime.InteropServices;

namespace ModelMigrate.Gateway.Ingress.Refusing;

/// <summary>Why a request is refused before it is routed.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Machine-readable.</param>
/// <param name="Message">What is wrong and what to send instead.</param>
/// <param name="Field">The request field that it is about, or null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestProblem(int Status, string Code, string Message, string? Field = null)
{
    /// <summary>When it may be sent again, or null when nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RequestProblem UnknownKey { get; } =
        new(401, "invalid_api_key", "The client key is missing or unknown. Send 'Authorization: Bearer <key>'.");

    public static RequestProblem Invalid(string code, string message, string? field = null) => new(400, code, message, field);

    /// <summary>A limit of the client's own is reached.</summary>
    public static RequestProblem Limited(string code, string message, TimeSpan retryAfter) => new(429, code, message) { RetryAfter = retryAfter };

    public static RequestProblem WrongType(string field, string wanted) =>
        Invalid("invalid_type", $"'{field}' must be {wanted}.", field);
}
