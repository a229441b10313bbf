namespace ModelMigrate.Core.Catalog;

/// <summary>Which adapter, and so which wire protocol, a provider is spoken to with.</summary>
public enum ProviderKind
{
    /// <summary>The OpenAI chat completions protocol, at OpenAI or any compatible URL.</summary>
    OpenAi,

    /// <summary>The Anthropic messages protocol.</summary>
    Anthropic,

    /// <summary>Google's generateContent protocol, which models are asked in and clients are not answered in.</summary>
    Gemini,

    /// <summary>Amazon Bedrock's Converse protocol, which models are asked in and clients are not answered in.</summary>
    Bedrock,
}
