using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.Bedrock;

/// <summary>Reads <see cref="BedrockWire"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(BedrockWire))]
internal sealed partial class BedrockJson : JsonSerializerContext;
