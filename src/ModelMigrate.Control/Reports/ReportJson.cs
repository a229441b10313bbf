using System.Text.Json.Serialization;

namespace ModelMigrate.Control.Reports;

/// <summary>Writes reports as JSON: snake case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MigrationReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
