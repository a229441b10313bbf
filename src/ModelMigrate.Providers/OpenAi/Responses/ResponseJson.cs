using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.OpenAi.Responses;

/// <summary>Reads any JSON: events of types that nobody here knows may hold anything.</summary>
[JsonSerializable(typeof(JsonDocument))]
internal sealed partial class ResponseJson : JsonSerializerContext;
