using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.OpenAi;

namespace ModelMigrate.Providers.Http;

/// <summary>The adapter of each protocol that a provider may speak.</summary>
public static class Adapters
{
    public static IModelClient For(ProviderKind kind, ProviderConnections connections, TimeProvider time) => kind switch
    {
        ProviderKind.OpenAi => new OpenAiClient(connections, time),
        ProviderKind.Anthropic => new AnthropicClient(connections, time),
        ProviderKind.Gemini => new GeminiClient(connections, time),
        ProviderKind.Bedrock => new BedrockClient(connections, time),
    };
}
