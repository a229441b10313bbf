using ModelMigrate.Core.Chat;

namespace ModelMigrate.Providers.Http;

/// <summary>
/// Recognises by a provider's own words why it refuses a request. Codes first: OpenAI, Azure, Groq and llama.cpp have them; Anthropic,
/// Bedrock, Gemini, Mistral, TGI and LM Studio say it in the message alone.
/// </summary>
internal static class RefusalReasons
{
    private static readonly (string Words, RefusalReason Reason)[] s_codes =
    [
        ("context_length_exceeded", RefusalReason.ContextLength),
        ("context_window_exceeded", RefusalReason.ContextLength),
        ("model_context_window_exceeded", RefusalReason.ContextLength),
        ("exceed_context_size_error", RefusalReason.ContextLength),
        ("content_policy_violation", RefusalReason.ContentPolicy),
        ("content_filter", RefusalReason.ContentPolicy),
        ("responsibleaipolicyviolation", RefusalReason.ContentPolicy),
        ("moderation_blocked", RefusalReason.ContentPolicy),
    ];

    private static readonly (string Words, RefusalReason Reason)[] s_messages =
    [
        ("prompt is too long", RefusalReason.ContextLength),
        ("input is too long for requested model", RefusalReason.ContextLength),
        ("exceed context limit", RefusalReason.ContextLength),
        ("maximum context length", RefusalReason.ContextLength),
        ("exceeds the available context size", RefusalReason.ContextLength),
        ("exceeds the context window", RefusalReason.ContextLength),
        ("exceeds the model's context window", RefusalReason.ContextLength),
        ("reduce the length of the messages", RefusalReason.ContextLength),
        ("exceeds the maximum number of tokens allowed", RefusalReason.ContextLength),
        ("`max_new_tokens` must be <=", RefusalReason.ContextLength),
        ("tokens. given:", RefusalReason.ContextLength),
        ("too large for model with", RefusalReason.ContextLength),
        ("tokens to keep from the initial prompt is greater than the context length", RefusalReason.ContextLength),
        ("is loaded with context length of only", RefusalReason.ContextLength),
        ("content filtering policy", RefusalReason.ContentPolicy),
        ("content management policy", RefusalReason.ContentPolicy),
        ("content policy", RefusalReason.ContentPolicy),
        ("violating our usage policy", RefusalReason.ContentPolicy),
        ("flagged as potentially violating", RefusalReason.ContentPolicy),
        ("requires moderation", RefusalReason.ContentPolicy),
    ];

    /// <param name="status">The HTTP status, or null when the error was an event of a stream.</param>
    /// <param name="code">The provider's own name for the error.</param>
    /// <param name="message">The provider's words.</param>
    public static RefusalReason Of(int? status, string? code, string? message)
    {
        // A failure of the provider's own, or a limit on its rate, that quotes such words refuses nothing.
        if (status is >= 500 or 429)
        {
            return RefusalReason.None;
        }

        var reason = Of(code, s_codes, isWhole: true);
        return reason == RefusalReason.None ? Of(message, s_messages, isWhole: false) : reason;
    }

    private static RefusalReason Of(string? text, (string Words, RefusalReason Reason)[] known, bool isWhole)
    {
        if (text is null)
        {
            return RefusalReason.None;
        }

        foreach (var (words, reason) in known)
        {
            if (isWhole ? string.Equals(text, words, StringComparison.OrdinalIgnoreCase) : text.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return reason;
            }
        }

        return RefusalReason.None;
    }
}
