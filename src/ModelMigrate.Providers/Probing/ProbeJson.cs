using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelMigrate.Providers.Probing;

/// <summary>Reads any JSON without reflection.</summary>
[JsonSerializable(typeof(JsonDocument))]
internal sealed partial class ProbeJson : JsonSerializerContext;
