using ModelMigrate.Core.Judging.Gates;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Observing.Blocks;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Tests.Core.Judging;

public sealed class HardStopTests
{
    private static readonly HardStopSpec s_errors = new() { Name = "stop", Metric = HardStopMetric.ErrorRate, Threshold = 0.05 };

    [Fact]
    public void Evaluate_NoneConfigured_NeverFires()
    {
        Assert.Empty(JudgeKit.Errors.HardStops);
        Assert.Null(JudgeKit.Folded(JudgeKit.Errors, JudgeKit.Ended(1, 1000, 0, 1000, 1000)).Look().HardStop);
    }

    [Theory]
    [InlineData(true, 10, 14, false)]
    [InlineData(true, 10, 15, false)]
    [InlineData(true, 10, 16, true)]
    [InlineData(true, 0, 6, true)]
    [InlineData(false, 10, 5, false)]
    [InlineData(false, 10, 6, true)]
    [InlineData(false, 0, 4, false)]
    public void Evaluate_ErrorRate_FiresAboveTheThreshold(bool relative, int sourceFailures, int targetFailures, bool fires)
    {
        var judge = JudgeKit.Folded(
            JudgeKit.Errors.With(s_errors with { RelativeToSource = relative }), JudgeKit.Ended(1, 100, sourceFailures, 100, targetFailures));
        var stop = judge.Look().HardStop;
        Assert.Equal(fires, stop is not null);
        if (stop is not null)
        {
            Assert.Equal(("stop", 0.05, 100L), (stop.Name, stop.Threshold, stop.TargetRequests));
            Assert.Equal((targetFailures - (relative ? sourceFailures : 0)) / 100.0, stop.Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(HardStopMetric.LatencyP50, true, 2, 190, false)]
    [InlineData(HardStopMetric.LatencyP50, true, 2, 230, true)]
    [InlineData(HardStopMetric.LatencyP99, true, 2, 230, true)]
    [InlineData(HardStopMetric.LatencyP95, true, 2, 230, true)]
    [InlineData(HardStopMetric.LatencyP95, false, 240, 230, false)]
    [InlineData(HardStopMetric.LatencyP50, false, 200, 190, false)]
    [InlineData(HardStopMetric.LatencyP99, false, 200, 230, true)]
    public void Evaluate_Latency_FiresAboveTheRatioOrTheMilliseconds(
        HardStopMetric metric, bool relative, double threshold, double targetMilliseconds, bool fires)
    {
        // The source takes 100 ms.
        var stop = new HardStopSpec { Name = "slow", Metric = metric, Threshold = threshold, RelativeToSource = relative };
        var block = JudgeKit.Ended(1, 200, 0, 200, 0) with
        {
            SourceLatency = JudgeKit.Took(200, 100), TargetLatency = JudgeKit.Took(200, targetMilliseconds),
        };
        Assert.Equal(fires, JudgeKit.Folded(JudgeKit.Errors.With(stop), block).Look().HardStop is not null);
    }

    [Theory]
    [InlineData(true, 0.85, 0.5, true)]
    [InlineData(true, 0.85, 0.75, false)]
    [InlineData(false, 0.8, 0.75, true)]
    [InlineData(false, 0.7, 0.75, false)]
    public void Evaluate_Quality_FiresBelowTheRatioOrTheScore(bool relative, double threshold, double targetScore, bool fires)
    {
        // The source scores 0.8125.
        var dense = new int[33 * 33];
        dense[(26 * 33) + (int)(targetScore * 32)] = 600;
        var block = JudgeKit.Ended(1, 600, 0, 600, 0) with { Scores = [new ScoreCounts(PairedScore.Quality) { Table = PairTable.FromDense(dense), Preference = new PairCounts(600, 0, 0) }] };
        var stop = new HardStopSpec { Name = "quality", Metric = HardStopMetric.Quality, Threshold = threshold, RelativeToSource = relative, MinimumSamples = 500 };
        var fired = JudgeKit.Folded(JudgeKit.Errors.With(stop), block).Look().HardStop;
        Assert.Equal(fires, fired is not null);
        if (fired is not null)
        {
            Assert.Equal(relative ? targetScore / 0.8125 : targetScore, fired.Value, 1e-9);
            Assert.Equal(600, fired.TargetRequests);
        }

        Assert.Null(JudgeKit.Folded(JudgeKit.Errors.With(stop with { MinimumSamples = 601 }), block).Look().HardStop);
    }

    [Theory]
    [InlineData(true, 2, 4, false)]
    [InlineData(true, 2, 5, true)]
    [InlineData(false, 0, 2, false)]
    [InlineData(false, 0, 3, true)]
    public void Evaluate_CheckFailures_CountTheNamedCheckAlone(bool relative, int source, int target, bool fires)
    {
        var block = JudgeKit.Ended(1, 100, 0, 100, 0) with
        {
            Signals = [new SignalCounts(Signal.OfCheck("json"), 100, source, 100, target), new SignalCounts(Signal.OfCheck("length"), 100, 0, 100, 100)],
        };
        var stop = new HardStopSpec { Name = "json", Metric = HardStopMetric.CheckFailureRate, Check = "json", Threshold = 0.02, RelativeToSource = relative };
        Assert.Equal(fires, JudgeKit.Folded(JudgeKit.Errors.With(stop), block).Look().HardStop is not null);
    }

    [Fact]
    public void SignalsFor_HardStops_AsksForWhatTheyWatch()
    {
        var signals = ModelMigrate.Core.Judging.Judge.SignalsFor(
            [], [new() { Name = "q", Metric = HardStopMetric.Quality, Threshold = 0.8 }, new() { Name = "j", Metric = HardStopMetric.CheckFailureRate, Check = "json", Threshold = 0.02 }]);
        Assert.Equal(["json"], signals.Checks);
        Assert.Equal([PairedScore.Quality], signals.Scores);
    }

    [Fact]
    public void SignalsFor_RefusalWatchedByAHardStopAlone_HasABitBehindTheGatesChecks()
    {
        var stop = new HardStopSpec { Name = "r", Metric = HardStopMetric.CheckFailureRate, Check = Signal.Refusal, Threshold = 0.02 };
        var gate = GateDefaults.Chat[0] with { Name = "json", Metric = ModelMigrate.Core.Judging.Metric.CheckFailureRate, Check = "json" };
        Assert.Equal(2UL, ModelMigrate.Core.Judging.Judge.SignalsFor([gate], [stop]).BitOf(Signal.Refusal));
        Assert.Equal(0UL, ModelMigrate.Core.Judging.Judge.SignalsFor([gate]).BitOf(Signal.Refusal));
    }

    [Fact]
    public void Evaluate_SeveralFire_SaysAllWithValueThresholdWindowAndSamples()
    {
        var spec = JudgeKit.Errors with
        {
            HardStops = [s_errors with { Name = "silent", Threshold = 0.9 }, s_errors, s_errors with { Name = "absolute", RelativeToSource = false, Window = TimeSpan.FromSeconds(120) }],
        };
        var fired = JudgeKit.Folded(spec, JudgeKit.Ended(1, 100, 1, 100, 11)).Look().HardStops;
        Assert.Equal(["stop", "absolute"], fired.Select(each => each.Name));
        Assert.Equal("errors 10 pp above the source's, the rule stops more than 5 pp above the source's; 100 requests of the target in 300 s", fired[0].Words());
        Assert.Equal("errors 11 %, the rule stops above 5 %; 100 requests of the target in 120 s", fired[1].Words());
    }

    [Fact]
    public void Evaluate_P99_SeesATailThatTheMedianDoesNot()
    {
        var block = JudgeKit.Ended(1, 200, 0, 200, 0) with
        {
            SourceLatency = JudgeKit.Took(200, 100), TargetLatency = JudgeKit.Took(190, 100).Add(JudgeKit.Took(10, 5000)),
        };
        var stop = new HardStopSpec { Name = "slow", Metric = HardStopMetric.LatencyP50, Threshold = 2 };
        Assert.Null(JudgeKit.Folded(JudgeKit.Errors.With(stop), block).Look().HardStop);
        Assert.NotNull(JudgeKit.Folded(JudgeKit.Errors.With(stop with { Metric = HardStopMetric.LatencyP99 }), block).Look().HardStop);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void Evaluate_FewerTargetRequestsThanTheMinimum_Silent(int target, bool fires) =>
        Assert.Equal(fires, JudgeKit.Folded(JudgeKit.Errors.With(s_errors), JudgeKit.Ended(1, 100, 0, target, target)).Look().HardStop is not null);

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, true)]
    [InlineData(302, false)]
    public void Evaluate_BlockBeganBeforeTheWindow_LeavesItWhole(double seconds, bool fires) =>
        Assert.Equal(fires, JudgeKit.Folded(JudgeKit.Errors.With(s_errors), JudgeKit.Ended(1, 100, 0, 100, 100)).Look(seconds).HardStop is not null);

    [Fact]
    public void Evaluate_WindowsAverage_IsOfTheBlocksInIt()
    {
        // 100 failures within the last 300 s, but of 4,000 requests; the failing block alone would fire.
        var judge = JudgeKit.Folded(JudgeKit.Errors.With(s_errors), JudgeKit.Ended(1, 3900, 0, 3900, 0), JudgeKit.Ended(200, 100, 0, 100, 100));
        Assert.Null(judge.Look(250).HardStop);
        Assert.NotNull(judge.Look(450).HardStop);
    }

    [Fact]
    public void Evaluate_OpenBlocks_Count()
    {
        var open = JudgeKit.Ended(1, 100, 0, 100, 100) with { Ended = false, Pairs = default };
        Assert.NotNull(JudgeKit.Folded(JudgeKit.Errors.With(s_errors)).Look(60, open).HardStop);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Evaluate_ThresholdIsNoNumber_NeverFires(double threshold) => Assert.Null(
        JudgeKit.Folded(JudgeKit.Errors.With(s_errors with { Threshold = threshold }), JudgeKit.Ended(1, 100, 0, 100, 100)).Look().HardStop);

    [Fact]
    public void Evaluate_RestartedFromCheckpoint_StillKnowsTheWindow()
    {
        var spec = JudgeKit.Errors.With(s_errors);
        var first = JudgeKit.Folded(spec, JudgeKit.Ended(1, 100, 0, 100, 100));
        var state = System.Text.Json.JsonSerializer.Deserialize<ModelMigrate.Core.Judging.JudgeState>(System.Text.Json.JsonSerializer.Serialize(first.Snapshot()));
        Assert.Equal(first.Look().HardStop, new ModelMigrate.Core.Judging.Judge(spec, state).Look().HardStop);
        Assert.NotNull(first.Look().HardStop);
    }
}
