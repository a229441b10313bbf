using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Core.Observing;
using ModelMigrate.Providers.Exchange.Attempts;
using ModelMigrate.Providers.Exchange.Bodies;

namespace ModelMigrate.Providers.Exchange.Tracing;

/// <summary>The words of closed sets as spans and metrics write them.</summary>
public static class SpanWords
{
    public static string Of(Arm arm) => arm == Arm.Target ? "target" : "source";

    public static string Of(AttemptRole role) => role switch
    {
        AttemptRole.Assigned => "assigned",
        AttemptRole.Retry => "retry",
        AttemptRole.Rescue => "rescue",
        AttemptRole.Fallback => "fallback",
        AttemptRole.Resume => "resume",
        AttemptRole.Compare => "compare",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Ok => "ok",
        Outcome.Error => "error",
        Outcome.ClientError => "client_error",
        Outcome.Throttled => "throttled",
        Outcome.Timeout => "timeout",
        Outcome.Skipped => "skipped",
        Outcome.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>The provider's status where one came, else the kind. Its own code and words may repeat what a person wrote.</summary>
    public static string Of(ChatError error) => error.Status is { } status
        ? status.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : error.Kind switch
        {
            ChatErrorKind.Request => "request",
            ChatErrorKind.Connection => "connection",
            ChatErrorKind.Timeout => "timeout",
            ChatErrorKind.Throttled => "throttled",
            ChatErrorKind.Provider => "provider",
            ChatErrorKind.Configuration => "configuration",
            ChatErrorKind.UnknownModel => "unknown_model",
            ChatErrorKind.Malformed => "malformed",
            ChatErrorKind.Unavailable => "unavailable",
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
        };

    internal static string Of(FinishReason finish) => finish switch
    {
        FinishReason.Stop => "stop",
        FinishReason.StopText => "stop_sequence",
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        _ => throw new ArgumentOutOfRangeException(nameof(finish), finish, null),
    };

    /// <summary>The conventions' word, or ours where they have none.</summary>
    internal static string Of(Operation operation) => operation switch
    {
        Operation.Chat or Operation.Responses => "chat",
        Operation.Completion => "text_completion",
        Operation.Embedding => "embeddings",
        Operation.Transcription => "transcription",
        Operation.Translation => "translation",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    /// <summary>The conventions' name of a provider where they have one, else the bundled table's, else its protocol's.</summary>
    internal static string Of(ProviderSnapshot provider) => (provider.Preset, provider.Kind) switch
    {
        ("azure", _) => "azure.ai.openai",
        ("mistral", _) => "mistral_ai",
        (_, ProviderKind.Gemini) => "gcp.gemini",
        (_, ProviderKind.Bedrock) => "aws.bedrock",
        ({ } preset, _) => preset,
        (null, ProviderKind.OpenAi) => "openai",
        (null, ProviderKind.Anthropic) => "anthropic",
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider.Kind, null),
    };
}
