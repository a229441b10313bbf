using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Evaluation.Gating.Refusing;

/// <summary>Why data cannot be judged.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateRefusalReason>))]
public enum GateRefusalReason
{
    /// <summary>No gate was asked, so nothing could pass.</summary>
    [JsonStringEnumMemberName("no_gates")]
    NoGates = 0,

    /// <summary>A gate cannot be asked as it is written.</summary>
    [JsonStringEnumMemberName("wrong_gate")]
    WrongGate = 1,

    /// <summary>There are no scores of the metric that a gate asks for.</summary>
    [JsonStringEnumMemberName("no_scores")]
    NoScores = 2,

    /// <summary>The comparison has no rows.</summary>
    [JsonStringEnumMemberName("no_rows")]
    NoRows = 3,

    /// <summary>One arm has no score at all.</summary>
    [JsonStringEnumMemberName("missing_arm")]
    MissingArm = 4,

    /// <summary>The arms were scored by unlike metrics, parameters or versions.</summary>
    [JsonStringEnumMemberName("unlike_signatures")]
    UnlikeSignatures = 5,

    /// <summary>Too many cases have no score in one arm or both.</summary>
    [JsonStringEnumMemberName("too_many_missing")]
    TooManyMissing = 6,

    /// <summary>The run did not finish.</summary>
    [JsonStringEnumMemberName("partial_data")]
    PartialData = 7,

    /// <summary>The run was of a part of the data set.</summary>
    [JsonStringEnumMemberName("limited_data")]
    LimitedData = 8,

    /// <summary>Two runs are of unlike data sets.</summary>
    [JsonStringEnumMemberName("unlike_data")]
    UnlikeData = 9,
}
