using ModelMigrate.Core.Catalog;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Faults;

/// <summary>How the providers of a fault matrix answer in one protocol.</summary>
internal sealed record FaultProtocol(ProviderKind Kind)
{
    /// <summary>The events of a whole stream whose text is "Hi there".</summary>
    public string[] Stream => Kind == ProviderKind.OpenAi ? ChatSamples.Chunks : ChatSamples.AnthropicEvents;

    /// <summary>The stream's beginning up to its text, without its end.</summary>
    public string[] Text => Kind == ProviderKind.OpenAi ? ChatSamples.Chunks[..3] : ChatSamples.AnthropicEvents[..5];

    /// <summary>The stream up to its finish reason, without its end mark.</summary>
    public string[] Finished => Kind == ProviderKind.OpenAi ? ChatSamples.Chunks[..4] : ChatSamples.AnthropicEvents[..7];

    /// <summary>The stream's end mark alone.</summary>
    public string End => Kind == ProviderKind.OpenAi ? ChatSamples.Chunks[^1] : ChatSamples.AnthropicEvents[^1];

    /// <summary>A stream that refuses to answer.</summary>
    public string[] RefusedStream => Kind == ProviderKind.OpenAi
        ? [.. ChatSamples.Chunks[..1], ChatSamples.Chunks[3].Replace("\"stop\"", "\"content_filter\"", StringComparison.Ordinal), ChatSamples.Chunks[^1]]
        : [.. ChatSamples.AnthropicEvents[..1], ChatSamples.AnthropicEvents[6].Replace("end_turn", "refusal", StringComparison.Ordinal), ChatSamples.AnthropicEvents[^1]];

    public string Whole => Kind == ProviderKind.OpenAi ? ChatSamples.Answer : ChatSamples.AnthropicAnswer;

    public string RefusedWhole => Kind == ProviderKind.OpenAi
        ? Whole.Replace("\"stop\"", "\"content_filter\"", StringComparison.Ordinal)
        : Whole.Replace("end_turn", "refusal", StringComparison.Ordinal);

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
}
