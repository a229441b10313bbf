using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Embeddings;

/// <summary>Writes and reads the embeddings protocol without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EmbeddingWire))]
[JsonSerializable(typeof(EmbeddingWire.Question))]
internal sealed partial class EmbeddingJson : JsonSerializerContext;
