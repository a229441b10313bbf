namespace ModelMigrate.Providers.OpenAi.Embeddings;

/// <summary>What a model of embeddings makes of one text.</summary>
/// <param name="Vector">As the provider sends it: finite numbers, at least one. Vectors of two models cannot be compared.</param>
/// <param name="Tokens">Of the text, as the provider reports; null when it does not.</param>
/// <param name="Model">The model that answered, as the provider reports; null when it does not.</param>
public sealed record TextEmbedding(IReadOnlyList<double> Vector, long? Tokens, string? Model);
