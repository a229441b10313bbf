using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Wires;

/// <summary>Reads <see cref="OpenAiWire"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenAiWire))]
[JsonSerializable(typeof(IReadOnlyList<OpenAiWire.Call>))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
