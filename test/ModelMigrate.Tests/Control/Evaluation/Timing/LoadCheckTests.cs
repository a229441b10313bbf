using ModelMigrate.Control.Evaluation.Load;
using ModelMigrate.Control.Evaluation.Running;
using ModelMigrate.Core.Evaluation.Gating;

namespace ModelMigrate.Tests.Control.Evaluation.Timing;

public sealed class LoadCheckTests
{
    private static readonly LoadReport s_report = new()
    {
        Model = "m", Mode = "open", Seed = 1, Requests = 100, Sent = 100, NotSent = 0, Answered = 97, Errors = new Dictionary<string, long>(StringComparer.Ordinal) { ["timeout"] = 3 }, SuccessRate = 0.97,
        Seconds = 10, RequestsPerSecondReached = 9.7, Goodput = 9, MaxInFlight = 10, MostInFlight = 3, LimitMs = 60_000, OutputTokens = 1, StartedAt = default, End = RunEndKind.Whole,
        Latency = [new() { Share = 0.5, Ms = 100 }, new() { Share = 0.95, Ms = 900 }, new() { Share = 0.99, Ms = 60_000, IsAtLeast = true }, new() { Share = 0.999, Ms = 60_000, IsAtLeast = true }],
        FirstToken = [new() { Share = 0.5, Ms = 10 }, new() { Share = 0.95, Ms = 90 }, new() { Share = 0.99, Ms = 99 }, new() { Share = 0.999, Ms = 99 }],
    };

    [Theory]
    [InlineData(0.5, 100, GateVerdict.Pass, "p50 is 100 ms: holds p50 <= 100 ms.")]
    [InlineData(0.95, 899, GateVerdict.Fail, "p95 is 900 ms: breaks p95 <= 899 ms.")]
    [InlineData(0.99, 60_000, GateVerdict.Fail, "p99 is ≥ 60000 ms: breaks p99 <= 60000 ms.")]
    [InlineData(0.999, 60_000, GateVerdict.Inconclusive, "p99.9 is ≥ 60000 ms: 100 requests are too few for p99.9 <= 60000 ms, it takes 1000.")]
    public void Of_Latency_HoldsOrBreaksOrCannotSay(double share, double most, GateVerdict verdict, string reason)
    {
        var check = LoadCheck.Of(s_report, new LoadThresholds { MaxLatency = new Dictionary<double, TimeSpan> { [share] = TimeSpan.FromMilliseconds(most) } });
        Assert.Equal((verdict, reason), (check.Verdict, Assert.Single(check.Lines).Reason));
    }

    [Theory]
    [InlineData(0.97, GateVerdict.Pass, "97 of 100 requests were answered (97 %): holds success >= 0.97.")]
    [InlineData(0.98, GateVerdict.Fail, "97 of 100 requests were answered (97 %): breaks success >= 0.98.")]
    [InlineData(0.999, GateVerdict.Inconclusive, "97 of 100 requests were answered (97 %): 100 requests are too few for success >= 0.999, it takes 1000.")]
    public void Of_Success_OfAllThatCame(double share, GateVerdict verdict, string reason)
    {
        var check = LoadCheck.Of(s_report, new LoadThresholds { MinSuccess = share });
        Assert.Equal((verdict, reason), (check.Verdict, Assert.Single(check.Lines).Reason));
    }

    [Fact]
    public void Of_FailAndInconclusive_IsFail()
    {
        var check = LoadCheck.Of(s_report, new LoadThresholds { MinSuccess = 0.999, MinGoodput = 9.5 });
        Assert.Equal([GateVerdict.Inconclusive, GateVerdict.Fail], check.Lines.Select(static line => line.Verdict));
        Assert.Equal(GateVerdict.Fail, check.Verdict);
    }

    /// <summary>Nothing is green that was not whole.</summary>
    [Theory]
    [InlineData(RunEndKind.Budget, 100, GateVerdict.Inconclusive)]
    [InlineData(RunEndKind.Unreachable, 100, GateVerdict.Refused)]
    [InlineData(RunEndKind.Whole, 0, GateVerdict.Refused)]
    [InlineData(RunEndKind.Whole, 100, GateVerdict.Pass)]
    public void Of_ALoadThatDidNotRun_IsNoPass(RunEndKind end, long requests, GateVerdict verdict) =>
        Assert.Equal(verdict, LoadCheck.Of(s_report with { End = end, Requests = requests }, new LoadThresholds { MinGoodput = 1 }).Verdict);
}
