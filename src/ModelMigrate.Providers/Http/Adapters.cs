using ModelMigrate.Core.Catalog;
using ModelMigrate.Core.Chat;
using ModelMigrate.Providers.Anthropic;
using ModelMigrate.Providers.Bedrock;
using ModelMigrate.Providers.Gemini;
using ModelMigrate.Providers.OpenAi;
using ModelMigrate.Providers.OpenAi.Responses;

namespace ModelMigrate.Providers.Http;

/// <summary>The adapter of each protocol that a model may be asked in.</summary>
public static class Adapters
{
    public static IModelClient For(ModelSnapshot model, ProviderConnections connections, TimeProvider time) => model.Provider.Kind switch
    {
        ProviderKind.OpenAi when model.InResponses => new ResponsesClient(connections, time),
        ProviderKind.OpenAi => new OpenAiClient(connections, time),
        ProviderKind.Anthropic => new AnthropicClient(connections, time),
        ProviderKind.Gemini => new GeminiClient(connections, time),
        ProviderKind.Bedrock => new BedrockClient(connections, time),
    };
}
