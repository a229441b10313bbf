using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi;

/// <summary>Reads <see cref="OpenAiWire"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenAiWire))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
