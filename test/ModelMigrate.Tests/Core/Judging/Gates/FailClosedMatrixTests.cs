using System.Collections;
using ModelMigrate.Core.Judging;
using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Core.Rollouts;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Judging.Gates;

/// <summary>
/// What can go wrong with the evidence × what is decided then: nothing is promoted, and nothing is rolled back unless a policy says so. Each
/// row begins where all gates pass, or where the target is plainly worse.
/// </summary>
public sealed class FailClosedMatrixTests
{
    private const string Held = DecisionKind.Holding;

    private static readonly RolloutSpec s_spec = Specs.Ramp(1) with
    {
        Id = JudgeKit.Id,
        Steps = [new RolloutStep { WeightPpm = 500_000, Hold = TimeSpan.Zero }],
        Gates = [GateDefaults.Chat[0], GateDefaults.Of(Metric.Quality)],
    };

    /// <summary>Row → decision where all gates pass, decision where the target is worse, verdicts of the gates on errors and quality in the former.</summary>
    public static TheoryData<string, string?, string?, Verdict, Verdict> Matrix => new()
    {
        { "nothing wrong", DecisionKind.Promoting, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NotWorse },
        { "no target data", Held, Held, Verdict.NoData, Verdict.NoData },
        { "no source data", Held, Held, Verdict.NoData, Verdict.NoData },
        { "a gate throws", Held, Held, Verdict.Undecided, Verdict.Undecided },
        { "a gate throws on an open block", DecisionKind.Promoting, Held, Verdict.NotWorse, Verdict.NotWorse },
        { "inconsistent block", Held, Held, Verdict.Undecided, Verdict.Undecided },
        { "late block", DecisionKind.Promoting, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NotWorse },
        { "duplicate block", DecisionKind.Promoting, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NotWorse },
        { "a score is not a number", Held, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.Undecided },
        { "a margin is not a number", Held, Held, Verdict.Undecided, Verdict.NotWorse },
        { "sample-ratio mismatch", Held, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NotWorse },
        { "evidence of another fingerprint", null, null, Verdict.NotWorse, Verdict.NotWorse },
        { "quality never measured, hold", Held, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NoData },
        { "quality never measured, rollback, within the grace", Held, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NoData },
        { "quality never measured, rollback, after the grace", DecisionKind.RollingBack, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NoData },
        { "quality never measured, ignore", DecisionKind.Promoting, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NoData },
        { "quality stops, hold", Held, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NoData },
        { "quality stops, rollback", DecisionKind.RollingBack, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NoData },
        { "quality stops for less than the grace", DecisionKind.Promoting, DecisionKind.RollingBack, Verdict.NotWorse, Verdict.NotWorse },
        { "everything ignored and nothing measured", Held, Held, Verdict.NoData, Verdict.NoData },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Decide_Row_ExactlyAsTheTableSays(string row, string? passing, string? worse, Verdict errors, Verdict quality)
    {
        var (good, evidence) = Look(row, Good);
        Assert.Equal((errors, quality), (evidence.Gates[0].FinalVerdict, evidence.Gates[1].FinalVerdict));
        Assert.Equal((passing, worse), (good?.Kind, Look(row, Bad).Decision?.Kind));
    }

    private static (Decision? Decision, Evidence Evidence) Look(string row, Func<long, Block> block)
    {
        var spec = SpecFor(row);
        var state = RolloutVerbs.Apply(spec, new RolloutState { Id = spec.Id }, RolloutVerb.Start, "test", "", JudgeKit.Start).Decision!.Next;
        var judge = new Judge(RolloutJudging.SpecFor(spec, state));
        Block[] open = [];
        foreach (var each in Blocks(row, block))
        {
            if (each.Ended)
            {
                judge.Fold(each);
            }
            else
            {
                open = [each];
            }
        }

        // Evidence goes through a checkpoint: what stands in the way must not be forgotten by a restart.
        judge = new Judge(judge.Spec, System.Text.Json.JsonSerializer.Deserialize<JudgeState>(System.Text.Json.JsonSerializer.Serialize(judge.Snapshot())));
        var evidence = judge.Evaluate(open, 1, JudgeKit.Start.AddSeconds(60));
        state = row == "evidence of another fingerprint" ? state with { EvidenceEpoch = 2 } : state;
        return (RolloutDecider.Decide(spec, state, evidence, JudgeKit.Start.AddSeconds(60)), evidence);
    }

    private static RolloutSpec SpecFor(string row)
    {
        var (errors, quality) = (s_spec.Gates[0], s_spec.Gates[1]);
        var policy = row.EndsWith("ignore", StringComparison.Ordinal) ? NoDataPolicy.Ignore
            : row.Contains(", rollback", StringComparison.Ordinal) ? NoDataPolicy.Rollback
            : NoDataPolicy.Hold;
        return row switch
        {
            "a margin is not a number" => s_spec with { Gates = [errors with { Margin = double.NaN }, quality with { OnRegression = RegressionPolicy.Alert }] },
            "everything ignored and nothing measured" => s_spec with
            {
                Gates = [errors with { NoData = NoDataPolicy.Ignore }, quality with { NoData = NoDataPolicy.Ignore }],
            },
            _ => s_spec with { Gates = [errors, quality with { NoData = policy }] },
        };
    }

    private static IEnumerable<Block> Blocks(string row, Func<long, Block> make) => row switch
    {
        "no target data" or "everything ignored and nothing measured" => [Without(make(1), target: true)],
        "no source data" => [Without(make(1), target: false)],
        "a gate throws" => [make(1), make(2) with { Target = make(2).Target with { Failures = 1 }, Pairs = default, FailureKeys = new BreakingKeys() }],
        "a gate throws on an open block" =>
        [
            Good(1), make(2) with { Ended = false, Pairs = default, Scores = [], FailureKeys = make(2).Target.Failures > 0 ? (IReadOnlyList<KeyCount>)new BreakingKeys() : [] },
        ],
        "inconsistent block" => [make(1), make(2) with { NewTargetKeys = -1 }],
        "late block" => [make(3), make == Good ? Bad(2) : Good(2)],
        "duplicate block" => [make(3), make == Good ? Bad(3) : Good(3)],
        "a score is not a number" => [make(1), make(2) with { Scores = [new ScoreCounts(PairedScore.Quality) { Invalid = 1 }] }],
        "a margin is not a number" => [make(1) with { Scores = Good(1).Scores }],
        "sample-ratio mismatch" => [make(1) with { NewSourceKeys = 900, NewTargetKeys = 100 }],
        "quality never measured, rollback, after the grace" => [Unscored(make(1)), Unscored(make(700))],
        "quality stops, hold" or "quality stops, rollback" => [make(1), Unscored(make(2)), Unscored(make(700))],
        "quality stops for less than the grace" => [make(1), Unscored(make(2)), Unscored(make(500))],
        _ => row.StartsWith("quality never", StringComparison.Ordinal) ? [Unscored(make(1))] : [make(1)],
    };

    private static Block Good(long sequence) => JudgeKit.Ended(sequence, 5000, 0, 5000, 0) with { Scores = [Scored(16, 16)] };

    private static Block Bad(long sequence) => JudgeKit.Ended(sequence, 5000, 0, 5000, 2500) with { Scores = [Scored(24, 8)] };

    private static Block Unscored(Block block) => block with { Scores = [] };

    private static Block Without(Block block, bool target) => (target ? block with { Target = default } : block with { Source = default }) with
    {
        Pairs = default, Scores = [],
    };

    private static ScoreCounts Scored(int source, int target)
    {
        var dense = new int[PairTable.Levels * PairTable.Levels];
        dense[PairTable.Cell(source, target)] = 5000;
        return new ScoreCounts(PairedScore.Quality)
        {
            Table = PairTable.FromDense(dense),
            Preference = target < source ? new PairCounts(5000, 0, 0) : new PairCounts(0, 5000, 0),
        };
    }

    /// <summary>Passes the check of the block's counts and breaks when a gate reads it.</summary>
    private sealed class BreakingKeys : IReadOnlyList<KeyCount>
    {
        private int _reads;

        public int Count => 1;

        public KeyCount this[int index] => ++_reads <= 2 ? new KeyCount(1, 0, 1) : throw new InvalidOperationException("broken");

        public IEnumerator<KeyCount> GetEnumerator() => throw new InvalidOperationException("broken");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
