using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ModelMigrate.Gateway.Ingress.Refusing;

namespace ModelMigrate.Gateway.Ingress.Scanning;

/// <summary>What is wrong with a body that is not the JSON it should be; the same words in every protocol.</summary>
internal static class BodyProblems
{
    /// <summary>Nesting beyond which a body is refused.</summary>
    public const int MaxDepth = 64;

    public static RequestProblem HalfPair { get; } =
        RequestProblem.Invalid("invalid_text", "A name in the body holds half of a surrogate pair, which is no text.");

    /// <summary>What forbids to read a body at all, or null.</summary>
    public static RequestProblem? Unreadable(ReadOnlySpan<byte> body, string least)
    {
        if (body.IsEmpty)
        {
            return RequestProblem.Invalid("empty_body", $"The request has no body. Send a JSON object with {least}.");
        }

        return Utf8.IsValid(body) ? null : RequestProblem.Invalid("invalid_utf8", $"The body is not UTF-8 at byte {InvalidAt(body)}. Send JSON in UTF-8.");
    }

    public static RequestProblem Broken(JsonException e) => e.Message.StartsWith("The maximum configured depth", StringComparison.Ordinal)
        ? RequestProblem.Invalid("too_deep", $"The body is nested deeper than {MaxDepth} levels.")
        : RequestProblem.Invalid(
            "invalid_json", $"The body is not JSON: error at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of that line.");

    public static RequestProblem Twice(string name) => RequestProblem.Invalid(
        "duplicate_key", $"The key '{name}' stands twice in the body. Send it once.", name);

    public static RequestProblem? NoModel { get; } =
        RequestProblem.Invalid("missing_field", "'model' is missing. Name one of the routes listed by GET /v1/models.", "model");

    /// <summary>A field that must be there and is not; <paramref name="wanted"/> says what to send.</summary>
    public static RequestProblem Missing(string field, string wanted) =>
        RequestProblem.Invalid("missing_field", $"'{field}' is missing. Send {wanted}.", field);

    /// <summary>A string's text as it stands between its quotes, without a copy.</summary>
    public static ReadOnlyMemory<byte> TextOf(ref Utf8JsonReader json, ReadOnlyMemory<byte> body) =>
        json.TokenType == JsonTokenType.String ? body.Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length) : default;

    private static int InvalidAt(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && Rune.DecodeFromUtf8(text[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
        {
            at += used;
        }

        return at;
    }
}
