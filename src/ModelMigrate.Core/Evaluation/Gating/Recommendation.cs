using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>What to do, in the words of the migration guide.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Recommendation>))]
public enum Recommendation
{
    /// <summary>Every gate passes.</summary>
    [JsonStringEnumMemberName("recommended")]
    Recommended = 0,

    /// <summary>A gate is inconclusive; or all pass, but more metrics are shown to be worse, within their margins, than better.</summary>
    [JsonStringEnumMemberName("caution")]
    Caution = 1,

    /// <summary>A gate fails.</summary>
    [JsonStringEnumMemberName("not_recommended")]
    NotRecommended = 2,
}
