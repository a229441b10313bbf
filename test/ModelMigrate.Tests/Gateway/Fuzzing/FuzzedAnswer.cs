using System.Net;
using System.Text.Json;
using ModelMigrate.Core.Catalog;

namespace ModelMigrate.Tests.Gateway.Fuzzing;

/// <summary>What every client may rely on, whatever it sent and whatever the provider said.</summary>
internal static class FuzzedAnswer
{
    private static readonly string[] s_ends = ["response.completed", "response.incomplete", "response.failed", "error"];

    /// <summary>What is wrong with an answer in the protocol of a client that asked at a path, or null.</summary>
    public static string? Problem(ProviderKind client, string path, HttpResponseMessage answer, string body)
    {
        var type = answer.Content.Headers.ContentType?.MediaType;
        return answer.StatusCode != HttpStatusCode.OK ? Error(client, body)
            : type == "text/event-stream" && Parse(body) is null ? (path == "/v1/responses" ? Response(body) : Stream(client, body))
            // A content type that a provider got wrong is passed on as it is; a line of a stream that is no field, which a reader of events leaves
            // out, may begin with a brace.
            : Whole(path, body);
    }

    private static string? Error(ProviderKind client, string body)
    {
        if (Parse(body) is not { ValueKind: JsonValueKind.Object } root)
        {
            return "an error that is not JSON";
        }

        return root.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object
            && error.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.String
            && error.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
            && (client != ProviderKind.Anthropic || (root.TryGetProperty("type"u8, out var what) && what.ValueKind == JsonValueKind.String && what.ValueEquals("error"u8)))
            ? null : "an error that is not in the client's protocol";
    }

    /// <summary>An answer has what the endpoint's answers are for.</summary>
    private static string? Whole(string path, string body)
    {
        var (member, kind) = path switch
        {
            "/v1/messages" => ("content", JsonValueKind.Array),
            "/v1/messages/count_tokens" => ("input_tokens", JsonValueKind.Number),
            "/v1/responses" => ("output", JsonValueKind.Array),
            "/v1/embeddings" => ("data", JsonValueKind.Array),
            FuzzSamples.Audio => ("text", JsonValueKind.String),
            _ => ("choices", JsonValueKind.Array),
        };
        return Parse(body) is not { ValueKind: JsonValueKind.Object } answer ? "an answer that is not JSON"
            : answer.TryGetProperty(member, out var value) && value.ValueKind == kind ? null : $"an answer without {member}";
    }

    /// <summary>Every event is JSON, the last one is the end mark or an error, and nothing follows it.</summary>
    private static string? Stream(ProviderKind client, string body)
    {
        var isOver = false;
        foreach (var line in body.Split('\n', '\r').Where(line => line.StartsWith("data:", StringComparison.Ordinal)))
        {
            if (isOver)
            {
                return "an event after the end";
            }

            var data = line[5..].Trim();
            if (client == ProviderKind.OpenAi && data == "[DONE]")
            {
                isOver = true;
                continue;
            }

            if (Parse(data) is not { ValueKind: JsonValueKind.Object } json)
            {
                return $"an event that is not JSON: {data}";
            }

            isOver = json.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object;
            isOver |= client == ProviderKind.Anthropic && json.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("message_stop"u8);
        }

        return isOver ? null : "a stream without an end";
    }

    /// <summary>Every event is JSON, and one of them ends the answer or is an error; the protocol has no end mark, and a provider's own events behind the end pass.</summary>
    private static string? Response(string body)
    {
        var isOver = false;
        foreach (var line in body.Split('\n', '\r').Where(line => line.StartsWith("data:", StringComparison.Ordinal) && line[5..].Trim() != "[DONE]"))
        {
            if (Parse(line[5..].Trim()) is not { ValueKind: JsonValueKind.Object } json)
            {
                return $"an event that is not JSON: {line}";
            }

            isOver |= json.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String && Array.Exists(s_ends, end => type.ValueEquals(end));
        }

        return isOver ? null : "a stream without an end";
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
