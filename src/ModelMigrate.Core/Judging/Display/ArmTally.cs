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

    /// <summary>With the open blocks of an arm on top.</summary>
    internal ArmEvidence ToEvidence(Block[] open, Arm arm)
    {
        var counts = Counts;
        foreach (var block in open)
        {
            counts += arm == Arm.Source ? block.Source : block.Target;
        }

        return new ArmEvidence
        {
            Admissions = counts.Admissions,
            Open = counts.Open,
            Failures = counts.Failures,
            Throttled = counts.Throttled,
            Timeouts = counts.Timeouts,
            Skipped = counts.Skipped,
            ClientErrors = counts.ClientErrors,
            Canceled = counts.Canceled,
            Rescued = counts.Rescued,
            UserErrors = counts.UserErrors,
            InputTokens = counts.InputTokens,
            OutputTokens = counts.OutputTokens,
            Cost = counts.Cost,
            Latencies = new ArmLatencies(this, open, arm),
        };
    }
}
