using ModelMigrate.Core.Judging.Health;

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
