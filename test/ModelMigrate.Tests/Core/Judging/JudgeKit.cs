using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Tests.Core.Judging;

/// <summary>Blocks and judges with known counts.</summary>
internal static class JudgeKit
{
    public static readonly MigrationId Id = new("MIG-1");
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The error gate alone, at one margin.</summary>
    public static JudgeSpec Errors { get; } = new() { Migration = Id, Attempt = 1, Gates = [GateDefaults.Chat[0]] };

    /// <summary>The gate on the 90 % quantile of total latency alone.</summary>
    public static JudgeSpec Latency { get; } = new() { Migration = Id, Attempt = 1, Gates = [GateDefaults.Chat[2]] };

    /// <summary>An ended block: requests and failures of both arms, matched as well as they go.</summary>
    public static Block Ended(long sequence, int source, int sourceFailures, int target, int targetFailures)
    {
        var pairs = Math.Min(source, target);
        var second = Start.ToUnixTimeSeconds() + sequence;
        return new Block
        {
            Key = new BlockKey(Id, 1, 1, second, second, "r", 1, sequence),
            WeightPpm = 500_000,
            Ended = true,
            Source = new ArmCounts { Admissions = source, Ended = source, Failures = sourceFailures },
            Target = new ArmCounts { Admissions = target, Ended = target, Failures = targetFailures },
            Pairs = new PairCounts(Math.Min(targetFailures, pairs), pairs - Math.Min(targetFailures, pairs), 0),
        };
    }

    /// <summary>An ended block of answers: how many of each arm were slower than the frozen 90 % quantile, by which keys.</summary>
    public static Block Slow(long sequence, int source, int sourceSlow, int target, int targetSlow, params KeyCount[] keys) =>
        Ended(sequence, source, 0, target, 0) with
        {
            Exceedances = [new ExceedanceCounts(LatencyQuantile.TotalP90, source, sourceSlow, target, targetSlow) { Keys = keys }],
        };

    /// <summary>Answers that all took about as long.</summary>
    public static LatencyHistogram Took(int answers, double milliseconds) =>
        new([(ushort)LatencyHistogram.BucketOf(TimeSpan.FromMilliseconds(milliseconds))], [answers]);

    public static Judge Folded(JudgeSpec spec, params IEnumerable<Block> blocks)
    {
        var judge = new Judge(spec);
        foreach (var block in blocks)
        {
            Assert.Equal(FoldResult.Folded, judge.Fold(block));
        }

        return judge;
    }

    public static Evidence Look(this Judge judge, double seconds = 60, params Block[] open) => judge.Evaluate(open, 1, Start.AddSeconds(seconds));

    public static JudgeSpec With(this JudgeSpec spec, HardStopSpec stop) => spec with { HardStops = [stop] };
}
