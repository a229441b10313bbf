using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Http;

namespace ModelMigrate.Tests.Providers;

/// <summary>The words by which providers refuse, as their documentation and public bug reports quote them.</summary>
public sealed class RefusalReasonsTests
{
    [Theory]
    [InlineData("context_length_exceeded", "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.")]
    [InlineData("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")]
    [InlineData("invalid_request_error", "input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000, decrease input length or `max_tokens` and try again")]
    [InlineData("BadRequestError", "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.")]
    [InlineData("exceed_context_size_error", "the request exceeds the available context size. try increasing the context size")]
    [InlineData(null, "Input is too long for requested model.")]
    public void Of_TooLong_ContextLength(string? code, string message) =>
        Assert.Equal(RefusalReason.ContextLength, RefusalReasons.Of(400, code, message));

    [Theory]
    [InlineData("content_policy_violation", "Your request was rejected as a result of our safety system.")]
    [InlineData("content_filter", "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.")]
    [InlineData("invalid_prompt", "Invalid prompt: your prompt was flagged as potentially violating our usage policy.")]
    [InlineData("invalid_request_error", "Output blocked by content filtering policy")]
    public void Of_Forbidden_ContentPolicy(string? code, string message) =>
        Assert.Equal(RefusalReason.ContentPolicy, RefusalReasons.Of(400, code, message));

    [Theory]
    [InlineData(400, "invalid_request_error", "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens")]
    [InlineData(400, "invalid_value", "'temperature' must be at most 2")]
    [InlineData(429, "rate_limit_exceeded", "Request too large: prompt is too long for your tokens per minute")]
    [InlineData(500, "server_error", "prompt is too long")]
    [InlineData(400, null, null)]
    public void Of_AnythingElse_None(int status, string? code, string? message) =>
        Assert.Equal(RefusalReason.None, RefusalReasons.Of(status, code, message));
}
