using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Evaluation.Gating;

/// <summary>What a gate, or all of them, say.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateVerdict>))]
public enum GateVerdict
{
    /// <summary>Shown: not worse by the margin.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass = 0,

    /// <summary>Shown: worse by more than the margin.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail = 1,

    /// <summary>Neither is shown yet.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive = 2,

    /// <summary>The data cannot be judged: never green, and nothing about the target.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused = 3,
}
