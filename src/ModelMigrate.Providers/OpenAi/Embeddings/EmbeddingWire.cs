using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Embeddings;

/// <summary>The embeddings protocol, as far as one text needs it.</summary>
internal sealed record EmbeddingWire
{
    public IReadOnlyList<Item>? Data { get; init; }

    public string? Model { get; init; }

    public Used? Usage { get; init; }

    /// <param name="Model">The provider's name of the model.</param>
    /// <param name="Input">The text.</param>
    public sealed record Question(string Model, string Input);

    /// <param name="Embedding">Numbers; some servers send Base64, which is not asked for.</param>
    public sealed record Item(JsonElement Embedding);

    public sealed record Used([property: JsonPropertyName("prompt_tokens")] long? PromptTokens, [property: JsonPropertyName("total_tokens")] long? TotalTokens);
}
