using System.Text.Json;
using System.Text.Json.Nodes;
using ModelMigrate.Gateway.Ingress;

namespace ModelMigrate.Linting;

/// <summary>One line of a file of requests: a body by itself, or one with the path that it was posted to beside it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Path">The path that the body is posted to.</param>
/// <param name="Body">The body; has a model.</param>
internal sealed record RequestLine(long Number, string Path, JsonObject Body)
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a line, or says what is wrong with it. A body without a model is the route's; one without a path is <paramref name="usualPath"/>'s.</summary>
    public static RequestLine? TryRead(long number, ReadOnlySpan<byte> line, string route, string usualPath, out string problem)
    {
        JsonNode? node = null;
        try
        {
            node = JsonNode.Parse(line, documentOptions: s_strict);
        }
        catch (JsonException)
        {
        }

        if (node is not JsonObject whole)
        {
            problem = "it is not one JSON object without repeated names; write for example {\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
            return null;
        }

        problem = "";
        if (whole["body"] is not JsonObject inner)
        {
            return Of(number, usualPath, whole, route);
        }

        whole.Remove("body");
        var path = TextOf(whole["path"]) ?? TextOf(whole["url"]) ?? usualPath;
        if (!GivenRequest.Paths.Contains(path, StringComparer.Ordinal))
        {
            problem = GivenRequest.Forms.Contains(path, StringComparer.Ordinal)
                ? $"'{path}' takes a form with a recording, which no line can hold: such requests are not read, and nothing of them is translated"
                : $"'{path}' is no path whose requests are read; they are {string.Join(", ", GivenRequest.Paths)}";
            return null;
        }

        return Of(number, path, inner, route);
    }

    /// <summary>Reads it as the gateway would.</summary>
    public static bool TryScan(string path, JsonObject body, out GivenRequest? read, out string problem) =>
        GivenRequest.TryRead(path, JsonSerializer.SerializeToUtf8Bytes(body), out read, out problem);

    private static RequestLine Of(long number, string path, JsonObject body, string route)
    {
        body["model"] ??= route;
        return new RequestLine(number, path, body);
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
