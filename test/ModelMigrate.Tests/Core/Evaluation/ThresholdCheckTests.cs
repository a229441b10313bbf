using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Gating.Refusing;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class ThresholdCheckTests
{
    // 400 of 500 are right: 0.8 with Wilson's interval 0.763 to 0.833.
    [Theory]
    [InlineData("exact>=0.76", false, GateVerdict.Pass)]
    [InlineData("exact>=0.79", false, GateVerdict.Inconclusive)]
    [InlineData("exact>=0.84", false, GateVerdict.Fail)]
    [InlineData("exact<=0.84", false, GateVerdict.Pass)]
    [InlineData("exact<=0.76", false, GateVerdict.Fail)]
    [InlineData("exact>=0.79", true, GateVerdict.Pass)]
    [InlineData("exact>=0.8", true, GateVerdict.Pass)]
    [InlineData("exact>=0.81", true, GateVerdict.Fail)]
    [InlineData("f1>=0.81", true, GateVerdict.Refused)]
    public void Of_OneLine_IsHeldAgainstTheIntervalOrTheValue(string threshold, bool byValue, GateVerdict verdict)
    {
        var check = ThresholdCheck.Of(SampleResults.Comparison(onlySource: 0, onlyTarget: 0), [Threshold.TryParse(threshold)!], byValue);
        Assert.Equal((verdict, verdict), (check.Verdict, check.Thresholds[0].Verdict));
    }

    [Fact]
    public void Of_SeveralLines_FailsWhenOneBreaks()
    {
        var check = ThresholdCheck.Of(SampleResults.Comparison(), [Parse("exact>=0.5"), Parse("exact>=0.8"), Parse("exact>=0.9")], byValue: false);
        Assert.Equal(GateVerdict.Fail, check.Verdict);
        Assert.Equal([GateVerdict.Pass, GateVerdict.Inconclusive, GateVerdict.Fail], check.Thresholds.Select(each => each.Verdict));
    }

    [Fact]
    public void Of_WhatIsNotWhole_IsRefused()
    {
        Refused(SampleResults.Comparison(completeness: DataCompleteness.Partial), Parse("exact>=0.5"));
        Refused(SampleResults.Comparison());
        var good = SampleResults.Comparison();
        Refused(good with { Metrics = [good.Metrics[0] with { Target = new ArmFigures { Cases = 0, Missing = 500 } }] }, Parse("exact>=0.5"));
        Refused(good with { Metrics = [good.Metrics[0] with { Target = good.Metrics[0].Target with { Cases = 400, Missing = 100 } }] }, Parse("exact>=0.5"));
        Refused(good with { Metrics = [good.Metrics[0] with { Target = good.Metrics[0].Target with { Low = null } }] }, Parse("exact>=0.5"));

        static void Refused(EvaluationResult result, params Threshold[] thresholds) => Assert.Equal(GateVerdict.Refused, ThresholdCheck.Of(result, thresholds, byValue: false).Verdict);
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("exact>0.5")]
    [InlineData("exact>=")]
    [InlineData("exact>=NaN")]
    [InlineData(">=0.5")]
    [InlineData("exact=0.5")]
    public void TryParse_OfSomethingElse_IsNull(string text) => Assert.Null(Threshold.TryParse(text));

    private static Threshold Parse(string text) => Threshold.TryParse(text)!;
}
