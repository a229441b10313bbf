using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Fuzzing;

/// <summary>A provider of every protocol that answers soundly.</summary>
internal static class FuzzedUpstream
{
    private static readonly ResponsesSamples s_responses = new();

    private static readonly GeminiSamples s_gemini = new();

    private static readonly BedrockSamples s_bedrock = new(Signs: false);

    /// <summary>Two protocols ask for a stream by the path.</summary>
    public static bool IsStream(StubUpstream.Received received)
    {
        if (received.Path is not ['/', 'v', '1', '/', ..])
        {
            return received.Path.Contains("stream", StringComparison.Ordinal);
        }

        if (received.Path == FuzzSamples.Audio)
        {
            return false;
        }

        using var request = JsonDocument.Parse(received.Text);
        return request.RootElement.TryGetProperty("stream"u8, out var stream) && stream.ValueKind == JsonValueKind.True;
    }

    /// <summary>Answers whatever was asked, in the protocol and the form that was asked for.</summary>
    public static async Task Sound(HttpContext context, StubUpstream.Received received)
    {
        var isStream = IsStream(received);
        var answer = received.Path switch
        {
            "/v1/messages/count_tokens" => StubUpstream.Json("""{"input_tokens":7}"""),
            "/v1/messages" when isStream => StubUpstream.Events(string.Concat(ChatSamples.AnthropicEvents)),
            "/v1/messages" => StubUpstream.Json(ChatSamples.AnthropicAnswer),
            "/v1/responses" when isStream => StubUpstream.Events(string.Concat(s_responses.Events)),
            "/v1/responses" => StubUpstream.Json(s_responses.Whole),
            "/v1/embeddings" => StubUpstream.Json(Vectors(received.Text)),
            "/v1/completions" when isStream => StubUpstream.Events(
                """data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"Hi","logprobs":null,"finish_reason":"stop"}]}""" + "\n\n", "data: [DONE]\n\n"),
            "/v1/completions" => StubUpstream.Json("""{"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"Hi","logprobs":null,"finish_reason":"stop"}]}"""),
            FuzzSamples.Audio => StubUpstream.Json("""{"text":"Hi"}"""),
            var path when path.EndsWith(":generateContent", StringComparison.Ordinal) => StubUpstream.Json(s_gemini.Whole),
            var path when path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) => StubUpstream.Events(string.Concat(s_gemini.Events)),
            var path when path.EndsWith("/converse", StringComparison.Ordinal) => StubUpstream.Json(s_bedrock.Whole),
            var path when path.EndsWith("/converse-stream", StringComparison.Ordinal) => StubUpstream.Pieces(s_bedrock.StreamType, s_bedrock.Events.Select(s_bedrock.Bytes)),
            _ when isStream => StubUpstream.Events(string.Concat(ChatSamples.Chunks)),
            _ => StubUpstream.Json(ChatSamples.Answer),
        };
        await answer(context, received);
    }

    /// <summary>One vector for each text or list of tokens.</summary>
    private static string Vectors(string request)
    {
        using var json = JsonDocument.Parse(request);
        var input = json.RootElement.TryGetProperty("input"u8, out var given) ? given : default;
        var isList = input.ValueKind == JsonValueKind.Array && input.GetArrayLength() > 0 && input[0].ValueKind != JsonValueKind.Number;
        var count = isList ? input.GetArrayLength() : 1;
        var vectors = Enumerable.Range(0, count).Select(i => $$"""{"object":"embedding","index":{{i}},"embedding":[0.5]}""");
        return $$$"""{"object":"list","data":[{{{string.Join(',', vectors)}}}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""";
    }
}
