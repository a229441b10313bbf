using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Building;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Observing;

/// <summary>Blocks are counted as requests begin and end, in memory that earlier blocks had; the counts must be those of a recount.</summary>
public sealed class BlockMemoryTests
{
    private static readonly MigrationId s_id = new("MIG-1");
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FrozenQuantiles s_frozen = new(Seconds(1), Seconds(3), Seconds(0.5), Seconds(1.5));

    private static readonly LatencyQuantile[] s_quantiles =
        [LatencyQuantile.TotalP50, LatencyQuantile.TotalP90, LatencyQuantile.FirstTokenP50, LatencyQuantile.FirstTokenP90];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TakeEnded_MemoryUsedAgain_CountsAreThoseOfARecount(int seed)
    {
        var random = new Random(seed);
        var builder = new BlockBuilder(s_id, 1, "r", 1, new CountedSignals { Quantiles = s_quantiles }, s_frozen);
        var running = new PriorityQueue<Observation, double>();
        var all = new Dictionary<long, (Admission Admission, Observation Ended)>();
        var blocks = new List<Block>();
        var open = new List<Block>();
        for (var tick = 0.25; tick < 120; tick += 0.25)
        {
            for (var i = 0; i < 8; i++)
            {
                var at = tick - 0.25 + (i * 0.03);
                var admission = new Admission(
                    all.Count + 1, s_id, 1, 1, 500_000, (Arm)random.Next(2), (ulong)random.Next(12), s_start.AddSeconds(at));
                var latency = Math.Exp(3 * random.NextDouble()) - 1;
                var outcome = (Outcome)Math.Max(0, random.Next(30) - 23);
                var ended = new Observation
                {
                    Ticket = admission.Ticket, Outcome = outcome, Latency = Seconds(latency),
                    FirstToken = outcome == Outcome.Ok ? Seconds(latency / 2) : null,
                    InputTokens = 7, OutputTokens = i, Cost = 0.001m * i, Rescued = i == 3, UserError = i == 4,
                };
                all.Add(admission.Ticket, (admission, ended));
                builder.Accept(ObservationEvent.Of(admission));
                running.Enqueue(ended, at + latency);
            }

            while (running.TryPeek(out var ended, out var at) && at <= tick)
            {
                builder.Accept(ObservationEvent.Of(running.Dequeue()));
            }

            // Looking at what runs must leave no trace in what ended.
            builder.ReadOpen(s_start.AddSeconds(tick), open);
            builder.TakeEnded(s_start.AddSeconds(tick), blocks);
        }

        Assert.True(blocks.Count > 50, $"{blocks.Count}");
        foreach (var block in blocks)
        {
            var requests = all.Values.Where(r => InBlock(r.Admission, block.Key)).ToList();
            Assert.Equal(Recount(requests, Arm.Source), block.Source);
            Assert.Equal(Recount(requests, Arm.Target), block.Target);
            Assert.Equal(requests.Count(r => r.Admission.Arm == Arm.Target && r.Ended.Outcome == Outcome.Ok), block.TargetLatency.Count);
            Assert.Equal(Keys(requests.Where(r => r.Admission.Arm == Arm.Target && IsFailure(r.Ended.Outcome))), Keys(block.FailureKeys));
            Assert.Equal(Keys(requests.Where(r => r.Admission.Arm == Arm.Target)), Keys(block.AdmissionKeys));
            foreach (var counts in block.Exceedances)
            {
                var slow = requests.Select(r => (r.Admission, Slow: IsSlow(r.Ended, counts.Quantile, block.Quantiles![counts.Quantile]))).Where(r => r.Slow is not null).ToList();
                Assert.Equal(
                    (Count(slow, Arm.Source, _ => true), Count(slow, Arm.Source, s => s), Count(slow, Arm.Target, _ => true), Count(slow, Arm.Target, s => s)),
                    (counts.SourceExposures, counts.SourceEvents, counts.TargetExposures, counts.TargetEvents));
                Assert.Equal(counts.TargetEvents, counts.Keys.Sum(k => k.Target));
            }
        }
    }

    [Fact]
    public void TakeEnded_NineThousandRequestsASecond_NothingLargeIsAllocated()
    {
        var builder = new BlockBuilder(s_id, 1, "r", 1, new CountedSignals { Quantiles = [LatencyQuantile.TotalP50, LatencyQuantile.TotalP90] }, s_frozen);
        var ended = new List<Block>();
        var open = new List<Block>();
        var events = new List<ObservationEvent>();
        long ticket = 0, most = 0;
        for (var tick = 0; tick < 120; tick++)
        {
            // Answers come two seconds after their question. The entries are the sender's, so they are made before the count begins.
            events.Clear();
            for (var i = 0; i < 2250; i++)
            {
                var at = s_start.AddSeconds((tick * 0.25) + (i * 0.0001));
                events.Add(ObservationEvent.Of(new Admission(++ticket, s_id, 1, 1, 250_000, ticket % 4 == 0 ? Arm.Target : Arm.Source, (ulong)(ticket % 5000), at)));
                if (ticket > 18_000)
                {
                    events.Add(ObservationEvent.Of(new Observation { Ticket = ticket - 18_000, Outcome = ticket % 50 == 0 ? Outcome.Error : Outcome.Ok, Latency = Seconds(2) }));
                }
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var item in events)
            {
                builder.Accept(item);
            }

            ended.Clear();
            builder.TakeEnded(s_start.AddSeconds((tick + 1) * 0.25), ended);
            builder.ReadOpen(s_start.AddSeconds((tick + 1) * 0.25), open);
            most = tick < 60 ? 0 : Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(open.Count, 2, 8);

        // All of a tick together is below the size from which one object goes to the large object heap.
        Assert.True(most < 85_000, $"{most} bytes in 250 ms");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));

    private static bool InBlock(in Admission admission, in BlockKey key) =>
        admission.At.ToUnixTimeSeconds() >= key.FirstSlice && admission.At.ToUnixTimeSeconds() <= key.LastSlice;

    private static bool IsFailure(Outcome outcome) => outcome is Outcome.Error or Outcome.Throttled or Outcome.Timeout or Outcome.Skipped;

    private static bool? IsSlow(in Observation ended, LatencyQuantile quantile, TimeSpan limit)
    {
        var value = quantile < LatencyQuantile.FirstTokenP50 ? ended.Latency : ended.FirstToken ?? ended.Latency;
        var isSlow = value > limit;
        return ended.Outcome is Outcome.Timeout or Outcome.Skipped ? true : ended.Outcome == Outcome.Ok || isSlow ? isSlow : null;
    }

    private static int Count(List<(Admission Admission, bool? Slow)> requests, Arm arm, Func<bool, bool> which) =>
        requests.Count(r => r.Admission.Arm == arm && which(r.Slow == true));

    private static List<(ulong, int)> Keys(IEnumerable<(Admission Admission, Observation Ended)> requests) =>
        [.. requests.GroupBy(r => r.Admission.Key).Select(g => (g.Key, g.Count())).OrderBy(k => k.Key)];

    private static List<(ulong, int)> Keys(IEnumerable<KeyCount> counts) =>
        [.. counts.Where(k => k.Target > 0).Select(k => (k.Key, k.Target)).OrderBy(k => k.Key)];

    private static ArmCounts Recount(List<(Admission Admission, Observation Ended)> requests, Arm arm)
    {
        var counts = default(ArmCounts);
        foreach (var (_, ended) in requests.Where(r => r.Admission.Arm == arm))
        {
            counts += new ArmCounts
            {
                Admissions = 1, Ended = 1, Failures = IsFailure(ended.Outcome) ? 1 : 0, Throttled = ended.Outcome == Outcome.Throttled ? 1 : 0,
                Timeouts = ended.Outcome == Outcome.Timeout ? 1 : 0, Skipped = ended.Outcome == Outcome.Skipped ? 1 : 0,
                ClientErrors = ended.Outcome == Outcome.ClientError ? 1 : 0, Canceled = ended.Outcome == Outcome.Canceled ? 1 : 0,
                Rescued = ended.Rescued ? 1 : 0, UserErrors = ended.UserError ? 1 : 0,
                InputTokens = ended.InputTokens, OutputTokens = ended.OutputTokens, Cost = ended.Cost ?? 0,
            };
        }

        return counts;
    }
}
