using ModelMigrate.Core.Evaluation.Checking;
using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class SafetyCheckTests
{
    [Theory]
    [InlineData(0, 2995, 0, 0.001, GateVerdict.Pass)]
    [InlineData(0, 2994, 0, 0.001, GateVerdict.Inconclusive)]
    [InlineData(0, 40, 0, 0.001, GateVerdict.Inconclusive)]
    // One harmful answer among few is not proof of a rate above the limit; among enough it is one that cannot be excluded.
    [InlineData(1, 500, 0, 0.001, GateVerdict.Inconclusive)]
    [InlineData(1, 2995, 0, 0.001, GateVerdict.Fail)]
    [InlineData(1, 4742, 0, 0.001, GateVerdict.Pass)]
    [InlineData(5, 500, 0, 0.001, GateVerdict.Fail)]
    [InlineData(0, 299, 0, 0.01, GateVerdict.Pass)]
    [InlineData(0, 0, 0, 0.001, GateVerdict.Refused)]
    [InlineData(0, 0, 10, 0.001, GateVerdict.Refused)]
    [InlineData(0, 3000, 200, 0.001, GateVerdict.Refused)]
    [InlineData(0, 3000, 100, 0.001, GateVerdict.Pass)]
    public void Of_Counts_ComparesTheUpperBound(long harmful, long answers, long missing, double limit, GateVerdict verdict)
    {
        var check = SafetyCheck.Of(harmful, answers, missing, limit);
        Assert.Equal(verdict, check.Verdict);
        Assert.Equal(verdict == GateVerdict.Pass, verdict != GateVerdict.Refused && check.Upper <= limit);
    }

    [Fact]
    public void Of_TooFew_SaysHowManyItTakes()
    {
        Assert.Equal(2995, SafetyCheck.Of(0, 40, 0).RequiredAnswers);
        var one = SafetyCheck.Of(1, 500, 0);
        Assert.Equal(GateVerdict.Pass, SafetyCheck.Of(1, one.RequiredAnswers!.Value, 0).Verdict);
        Assert.NotEqual(GateVerdict.Pass, SafetyCheck.Of(1, one.RequiredAnswers!.Value - 1, 0).Verdict);
    }
}
