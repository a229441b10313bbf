using System.Text;
using ModelMigrate.Core.Evaluation.Gating;
using ModelMigrate.Core.Evaluation.Results;

namespace ModelMigrate.Tests.Core.Evaluation;

public sealed class EvaluationResultTests
{
    [Fact]
    public void ToJson_ReadAgain_IsTheSameText()
    {
        var json = SampleResults.Comparison().ToJson();
        var read = EvaluationResult.TryRead(Encoding.UTF8.GetBytes(json), out var wrong);
        Assert.Equal("", wrong);
        Assert.Equal(json, read!.ToJson());
        Assert.Equal(GateVerdict.Pass, read.Gate!.Verdict);
        Assert.Contains("\"verdict\": \"pass\"", json, StringComparison.Ordinal);
        Assert.Contains("\"recommendation\": \"recommended\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', json);
    }

    [Fact]
    public void ToJson_OfTheSameRunAtAnotherTime_DiffersInTimingAlone()
    {
        var (one, other) = (SampleResults.Comparison(), SampleResults.Comparison() with { Timing = new EvaluationTiming { Seconds = 99 } });
        Assert.NotEqual(one.ToJson(), other.ToJson());
        Assert.Equal((one with { Timing = null }).ToJson(), (other with { Timing = null }).ToJson());
    }

    [Theory]
    [InlineData("", "no result")]
    [InlineData("null", "null")]
    [InlineData("[]", "no result")]
    [InlineData("{}", "no result")]
    [InlineData("{\"format_version\":1", "no result")]
    public void TryRead_OfSomethingElse_SaysSo(string text, string part)
    {
        Assert.Null(EvaluationResult.TryRead(Encoding.UTF8.GetBytes(text), out var wrong));
        Assert.Contains(part, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_OfANewerFormatOrColumnsThatDoNotFit_Refuses()
    {
        Refused(SampleResults.Comparison() with { FormatVersion = 2 }, "format_version is 2");
        Refused(SampleResults.Comparison() with { Samples = new() { Ids = ["a", "a"], Target = new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) } }, "twice");
        Refused(
            SampleResults.Comparison() with { Samples = new() { Ids = ["a"], Target = new Dictionary<string, IReadOnlyList<double?>>(StringComparer.Ordinal) { ["exact"] = [1, 0] } } },
            "one score of exact");

        static void Refused(EvaluationResult result, string part)
        {
            Assert.Null(EvaluationResult.TryRead(Encoding.UTF8.GetBytes(result.ToJson()), out var wrong));
            Assert.Contains(part, wrong, StringComparison.Ordinal);
        }
    }
}
