using System.Text.Json.Serialization;

namespace ModelMigrate.Core.Evaluation.Gating.Refusing;

/// <summary>Whether rows are all of what was to be compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataCompleteness>))]
public enum DataCompleteness
{
    /// <summary>Every row of the data set was asked.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete = 0,

    /// <summary>The run stopped before its end: killed, out of budget, or one shard of several.</summary>
    [JsonStringEnumMemberName("partial")]
    Partial = 1,

    /// <summary>Somebody asked for a part only: a filter, or the first rows.</summary>
    [JsonStringEnumMemberName("limited")]
    Limited = 2,
}
