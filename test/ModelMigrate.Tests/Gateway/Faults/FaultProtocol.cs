using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Conformance;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>How the providers of a fault matrix answer in one protocol; <paramref name="InResponses"/>: in OpenAI's second one.</summary>
internal sealed record FaultProtocol(ProviderKind Kind, bool InResponses = false)
{
    private static readonly ResponsesSamples s_responses = new();
    private static readonly string[] s_responseEvents = [.. s_responses.Events];

    /// <summary>The protocols by the names that rows and tests have for them.</summary>
    public static FaultProtocol Of(string name) => name switch
    {
        "chat" => new FaultProtocol(ProviderKind.OpenAi),
        "messages" => new FaultProtocol(ProviderKind.Anthropic),
        "responses" => new FaultProtocol(ProviderKind.OpenAi, InResponses: true),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>The events of a whole stream whose text is "Hi there".</summary>
    public string[] Stream => By(ChatSamples.Chunks, ChatSamples.AnthropicEvents, s_responseEvents);

    /// <summary>The stream's beginning up to its text, without its end.</summary>
    public string[] Text => By(ChatSamples.Chunks[..3], ChatSamples.AnthropicEvents[..5], s_responseEvents[..6]);

    /// <summary>The stream's beginning up to its first token.</summary>
    public string[] FirstToken => By(ChatSamples.Chunks[..2], ChatSamples.AnthropicEvents[..4], s_responseEvents[..5]);

    /// <summary>What a model says that was given the first token to go on with; it fails when it was given anything else.</summary>
    public StubUpstream.Answer Continuation(params string[] end) => (context, received) =>
        received.Text.Contains("\"assistant\"", StringComparison.Ordinal) && received.Text.Contains("\"Hi\"", StringComparison.Ordinal)
            ? StubUpstream.Events(string.Concat(By<string[]>(
                [ChatSamples.Chunks[0], ChatSamples.Chunks[2], .. end],
                [.. ChatSamples.AnthropicEvents[..2], ChatSamples.AnthropicEvents[4], .. end],
                [.. s_responseEvents[..4], s_responseEvents[5], .. end])))(context, received)
            : StubUpstream.Json("{}", 500)(context, received);

    /// <summary>The events after the text.</summary>
    public string[] Rest => By(ChatSamples.Chunks[3..], ChatSamples.AnthropicEvents[5..], s_responseEvents[6..]);

    /// <summary>The whole answer to a request that was made as repeatable as can be; it fails for another.</summary>
    public StubUpstream.Answer Again => (context, received) =>
        received.Text.Contains("\"temperature\":0", StringComparison.Ordinal) && !received.Text.Contains("\"assistant\"", StringComparison.Ordinal)
            ? Ok(stream: true)(context, received)
            : StubUpstream.Json("{}", 500)(context, received);

    /// <summary>A stream that breaks off in a tool call.</summary>
    public string[] ToolCall => By<string[]>(
        [
            .. FirstToken,
            """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m-2026","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":"{"}}]},"finish_reason":null}]}""" + "\n\n",
        ],
        [
            .. FirstToken,
            "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"look\",\"input\":{}}}\n\n",
        ],
        [
            .. FirstToken,
            .. s_responses.ToolEvents.Skip(1).Take(2).Select(e => e.Replace("\"output_index\":0", "\"output_index\":1", StringComparison.Ordinal)),
        ]);

    /// <summary>The stream up to its finish reason, without its end mark. In responses one event is both.</summary>
    public string[] Finished => By(ChatSamples.Chunks[..4], ChatSamples.AnthropicEvents[..7], s_responseEvents);

    /// <summary>The stream's end mark alone; in responses, the one that some servers write.</summary>
    public string End => By(ChatSamples.Chunks[^1], ChatSamples.AnthropicEvents[^1], ChatSamples.Chunks[^1]);

    /// <summary>An event that reports a failure.</summary>
    public string ErrorEvent => By(
        OwnError, OwnError,
        "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"resp_1\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"overloaded\"},\"output\":[]}}\n\n");

    /// <summary>A stream that refuses to answer.</summary>
    public string[] RefusedStream => By<string[]>(
        [.. ChatSamples.Chunks[..1], ChatSamples.Chunks[3].Replace("\"stop\"", "\"content_filter\"", StringComparison.Ordinal), ChatSamples.Chunks[^1]],
        [.. ChatSamples.AnthropicEvents[..1], ChatSamples.AnthropicEvents[6].Replace("end_turn", "refusal", StringComparison.Ordinal), ChatSamples.AnthropicEvents[^1]],
        [s_responseEvents[0], $"event: response.incomplete\ndata: {{\"type\":\"response.incomplete\",\"response\":{s_responses.Ended("content_filter")}}}\n\n"]);

    public string Whole => By(ChatSamples.Answer, ChatSamples.AnthropicAnswer, s_responses.Whole);

    public string RefusedWhole => By(
        Whole.Replace("\"stop\"", "\"content_filter\"", StringComparison.Ordinal), Whole.Replace("end_turn", "refusal", StringComparison.Ordinal), s_responses.Ended("content_filter"));

    private const string OwnError = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"server_error\",\"message\":\"overloaded\"}}\n\n";

    /// <summary>A whole answer, as the request asks for it.</summary>
    public StubUpstream.Answer Ok(bool stream) => stream ? StubUpstream.Events(string.Concat(Stream)) : StubUpstream.Json(Whole);

    /// <summary>An error body in the provider's shape.</summary>
    public StubUpstream.Answer Error(int status, string message, string code, params (string, string)[] headers) => StubUpstream.Json(
        Kind == ProviderKind.OpenAi
            ? $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":"{{{code}}}"}}"""
            : $$$"""{"type":"error","error":{"type":"invalid_request_error","message":"{{{message}}}"}}""",
        status, headers);

    /// <summary>A refusal for a request that does not fit.</summary>
    public StubUpstream.Answer TooLong => Error(
        400,
        Kind == ProviderKind.OpenAi
            ? "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
            : "prompt is too long: 210000 tokens > 200000 maximum",
        "context_length_exceeded");

    /// <summary>A refusal by the provider's rules on content.</summary>
    public StubUpstream.Answer Forbidden => Error(
        400, Kind == ProviderKind.OpenAi ? "Your request was rejected." : "Output blocked by content filtering policy", "content_policy_violation");

    private T By<T>(T chat, T messages, T responses) => Kind == ProviderKind.Anthropic ? messages : InResponses ? responses : chat;
}
