using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.Anthropic;

/// <summary>Reads <see cref="AnthropicWire"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AnthropicWire))]
internal sealed partial class AnthropicJson : JsonSerializerContext;
