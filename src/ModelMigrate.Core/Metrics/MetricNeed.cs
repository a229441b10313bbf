namespace ModelMigrate.Core.Metrics;

/// <summary>What a sample must have for a metric to be asked at all.</summary>
public enum MetricNeed
{
    /// <summary>An answer and what it should be.</summary>
    PredictionAndReference = 0,

    /// <summary>An answer; references serve where a parameter is not given.</summary>
    Prediction = 1,

    /// <summary>A latency.</summary>
    Latency = 2,

    /// <summary>A cost.</summary>
    Cost = 3,

    /// <summary>The time until the first piece of a streamed answer.</summary>
    FirstToken = 4,
}
