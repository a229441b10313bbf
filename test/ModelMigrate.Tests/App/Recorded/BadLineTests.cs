using ModelMigrate.Recorded.Reading;

namespace ModelMigrate.Tests.App.Recorded;

/// <summary>What a line can have wrong, and the sentence that says so.</summary>
public sealed class BadLineTests
{
    private const string Good = """{"run":"r1","at":12.4,"arm":"target","key":"u17","outcome":"ok"}""";

    [Theory]
    [InlineData("", "it is not JSON from its byte 1 on; write one whole JSON object a line.")]
    [InlineData("hello", "it is not JSON from its byte 1 on; write one whole JSON object a line.")]
    [InlineData("{\"run\":\"r1\"", "it is not JSON from its byte 12 on; write one whole JSON object a line.")]
    [InlineData("{\"run\":\"r1\",}", "it is not JSON from its byte 13 on; write one whole JSON object a line.")]
    [InlineData("[1]", "it is not a JSON object; write one object a line, beginning with {\"run\":.")]
    [InlineData("17", "it is not a JSON object; write one object a line, beginning with {\"run\":.")]
    [InlineData(Good + Good, "it is not JSON from its byte 65 on; write one whole JSON object a line.")]
    [InlineData("{\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "run is missing; write for example \"run\":\"r1\".")]
    [InlineData("{\"run\":\"r1\",\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "at is missing; write for example \"at\":12.4, the admission time in seconds.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"key\":\"u\",\"outcome\":\"ok\"}", "arm is missing; write for example \"arm\":\"target\".")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"outcome\":\"ok\"}", "key is missing; write for example \"key\":\"u17\", the user or session.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\"}", "outcome is missing; write for example \"outcome\":\"ok\".")]
    [InlineData("{\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}",
        "run is missing; write for example \"run\":\"r1\". at is missing; write for example \"at\":12.4, the admission time in seconds.")]
    [InlineData("{\"run\":7,\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "run must be text of 1 to 256 bytes, for example \"r1\".")]
    [InlineData("{\"run\":\"\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "run must be text of 1 to 256 bytes, for example \"r1\".")]
    [InlineData("{\"run\":\"r1\",\"at\":\"1\",\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "at must be a number: the admission time in seconds, for example 12.4.")]
    [InlineData("{\"run\":\"r1\",\"at\":-1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "at must be a number: the admission time in seconds, for example 12.4.")]
    [InlineData("{\"run\":\"r1\",\"at\":null,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "at must be a number: the admission time in seconds, for example 12.4.")]
    [InlineData("{\"run\":\"r1\",\"at\":1e300,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "at must be a number: the admission time in seconds, for example 12.4.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"canary\",\"key\":\"u\",\"outcome\":\"ok\"}", "arm must be one of source, target.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":17,\"outcome\":\"ok\"}", "key must be text, for example \"u17\", the user or session.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"fine\"}",
        "outcome must be one of ok, error, client_error, throttled, timeout, skipped, canceled.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"latency_ms\":-3}",
        "latency_ms must be a number: milliseconds since admission, at most 30 days, for example 930.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"ttft_ms\":\"9\"}",
        "ttft_ms must be a number: milliseconds since admission, at most 30 days, for example 930.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"ttft_ms\":9,\"latency_ms\":3}",
        "ttft_ms is above latency_ms; latency_ms is the whole time from admission to the end.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"cost\":\"$1\"}", "cost must be a number: US dollars, for example 0.0021.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"checks\":[true]}",
        "checks must be an object of names with true (passed) or false, for example {\"json\":true}.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"checks\":{\"json\":1}}", "check json must be true (passed) or false.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"quality\":1.2}", "quality must be a number: a score from 0 to 1, for example 0.91.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\",\"pair\":9}", "pair must be text, for example \"p9\", the same on both arms.")]
    [InlineData("{\"run\":\"r1\",\"run\":\"r1\",\"at\":1,\"arm\":\"target\",\"key\":\"u\",\"outcome\":\"ok\"}", "run stands twice; keep one.")]
    [InlineData("{\"run\":\"r1\",\"at\":1,\"arm\":\"x\",\"key\":\"u\",\"outcome\":\"y\"}",
        "arm must be one of source, target. outcome must be one of ok, error, client_error, throttled, timeout, skipped, canceled.")]
    public void TryParse_BadLine_SaysWhatToWrite(string line, string expected)
    {
        Assert.False(new LineParser(["json"]).TryParse(System.Text.Encoding.UTF8.GetBytes(line), out _, out var wrong));
        Assert.Equal(expected, wrong);
    }

    [Fact]
    public void TryParse_TimeGoesBack_SaysSoForThatRunOnly()
    {
        var parser = new LineParser([]);
        Assert.True(Parse(parser, """{"run":"a","at":5.25,"arm":"source","key":"u","outcome":"ok"}""", out _));
        Assert.True(Parse(parser, """{"run":"b","at":1,"arm":"source","key":"u","outcome":"ok"}""", out _));
        Assert.True(Parse(parser, """{"run":"a","at":5.25,"arm":"source","key":"u","outcome":"ok"}""", out _));
        Assert.False(Parse(parser, """{"run":"a","at":5,"arm":"source","key":"u","outcome":"ok"}""", out var wrong));
        Assert.Equal("at 5 is before 5.25 of an earlier line of run a; sort the lines of a run by at.", wrong);
    }

    [Fact]
    public void TryParse_WholeLine_EveryFieldArrives()
    {
        var parser = new LineParser(["schema", "json"]);
        const string Line = """
             {"outcome":"timeout","key":"\u0075","arm":"target","at":12.4,"run":"r1","ttft_ms":210,"latency_ms":930.5,"cost":0.0021,
             "checks":{"json":false,"schema":true,"other":false},"quality":0.91,"satisfaction":1,"pair":"p9","note":{"a":[1]}}
            """;
        Assert.True(parser.TryParse(System.Text.Encoding.UTF8.GetBytes(Line.ReplaceLineEndings("")), out var line, out var wrong), wrong);
        Assert.Equal(124_000_000, line.AtTicks);
        Assert.Equal((2_100_000, 9_305_000), (line.FirstTokenTicks, line.LatencyTicks));
        Assert.Equal((ModelMigrate.Core.Observing.Arm.Target, ModelMigrate.Core.Observing.Outcome.Timeout), (line.Arm, line.Outcome));
        Assert.Equal((3UL, 2UL), (line.Checked, line.FailedChecks));
        Assert.Equal((0.0021m, 0.91, 1.0), (line.Cost, line.Quality, line.Satisfaction));
        Assert.NotEqual(0UL, line.Pair);
        Assert.Equal("note", Assert.Single(parser.Unknown.Keys));
        Assert.True(Parse(parser, """{"run":"r1","at":13,"arm":"target","key":"u","outcome":"ok"}""", out _, out var second));
        Assert.Equal(second.Key, line.Key);
    }

    private static bool Parse(LineParser parser, string text, out string wrong) => Parse(parser, text, out wrong, out _);

    private static bool Parse(LineParser parser, string text, out string wrong, out ObservationLine line) =>
        parser.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out line, out wrong);
}
