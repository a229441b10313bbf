using ModelMigrate.Core.Catalog;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.OpenAi;

namespace ModelMigrate.Providers.Http;

/// <summary>Adds to a request whatever proves to its provider who we are.</summary>
internal static class Credentials
{
    /// <param name="message">Complete but for its credentials: some are signatures over it.</param>
    /// <param name="provider">Whose credentials.</param>
    /// <param name="body">The content's bytes.</param>
    /// <param name="now">When it is sent.</param>
    public static void Add(HttpRequestMessage message, ProviderSnapshot provider, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        switch (provider.Kind)
        {
            case ProviderKind.OpenAi:
                message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
                if (OpenAiProtocol.CredentialOf(provider) is { } credential)
                {
                    message.Headers.TryAddWithoutValidation(provider.KeyHeader ?? "Authorization", credential);
                }

                break;
            case ProviderKind.Anthropic:
                AnthropicProtocol.Complete(message, provider);
                break;
            case ProviderKind.Gemini:
                GeminiProtocol.Complete(message, provider);
                break;
            case ProviderKind.Bedrock:
                BedrockProtocol.Complete(message, provider, body, now);
                break;
        }
    }
}
