using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.Gemini;

/// <summary>Reads <see cref="GeminiWire"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GeminiWire))]
[JsonSerializable(typeof(IReadOnlyList<GeminiWire>))]
internal sealed partial class GeminiJson : JsonSerializerContext;
