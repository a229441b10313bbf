using System.Text.Json.Serialization;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Display;

/// <summary>One arm's counts and latencies over many blocks.</summary>
public sealed record ArmTally
{
    public ArmCounts Counts { get; init; }

    [JsonConverter(typeof(LatencyHistogramConverter))]
    public LatencyHistogram Latency { get; init; } = LatencyHistogram.Empty;

    [JsonConverter(typeof(LatencyHistogramConverter))]
    public LatencyHistogram FirstToken { get; init; } = LatencyHistogram.Empty;

    internal ArmTally Add(in ArmCounts counts, LatencyHistogram latency, LatencyHistogram firstToken) =>
        new() { Counts = Counts + counts, Latency = Latency.Add(latency), FirstToken = FirstToken.Add(firstToken) };

    /// <summary>With the open blocks of an arm on top; summed densely, because there may be hundreds.</summary>
    internal ArmTally Add(IReadOnlyList<Block> open, Arm arm)
    {
        var counts = Counts;
        Span<int> latency = stackalloc int[LatencyHistogram.Buckets];
        Span<int> firstToken = stackalloc int[LatencyHistogram.Buckets];
        latency.Clear();
        firstToken.Clear();
        Latency.AddTo(latency);
        FirstToken.AddTo(firstToken);
        for (var i = 0; i < open.Count; i++)
        {
            var block = open[i];
            var source = arm == Arm.Source;
            counts += source ? block.Source : block.Target;
            (source ? block.SourceLatency : block.TargetLatency).AddTo(latency);
            (source ? block.SourceFirstToken : block.TargetFirstToken).AddTo(firstToken);
        }

        return new ArmTally { Counts = counts, Latency = LatencyHistogram.FromDense(latency), FirstToken = LatencyHistogram.FromDense(firstToken) };
    }

    internal ArmEvidence ToEvidence() => new()
    {
        Admissions = Counts.Admissions,
        Open = Counts.Open,
        Failures = Counts.Failures,
        Throttled = Counts.Throttled,
        Timeouts = Counts.Timeouts,
        Skipped = Counts.Skipped,
        ClientErrors = Counts.ClientErrors,
        Canceled = Counts.Canceled,
        Rescued = Counts.Rescued,
        UserErrors = Counts.UserErrors,
        InputTokens = Counts.InputTokens,
        OutputTokens = Counts.OutputTokens,
        Cost = Counts.Cost,
        P50Ms = Latency.Quantile(0.5)?.TotalMilliseconds,
        P90Ms = Latency.Quantile(0.9)?.TotalMilliseconds,
        P95Ms = Latency.Quantile(0.95)?.TotalMilliseconds,
        P99Ms = Latency.Quantile(0.99)?.TotalMilliseconds,
        FirstTokenP50Ms = FirstToken.Quantile(0.5)?.TotalMilliseconds,
        FirstTokenP90Ms = FirstToken.Quantile(0.9)?.TotalMilliseconds,
    };
}
