using System.Text.Json;
using System.Text.Json.Serialization;
using ModelMigrate.Output;

namespace ModelMigrate.Scoring.Judging;

/// <summary>How a case's line is written: as everything else, without what it has not.</summary>
internal static class OfLines
{
    public static JsonSerializerOptions Json { get; } = new(Terminal.CompactJson) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
