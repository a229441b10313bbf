using FsCheck;
using FsCheck.Fluent;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Tests.App.Simulation;

public sealed class SimulatedAnswerTests
{
    private static readonly FaultSchedule Mixed = FaultSchedule.Default with
    {
        ErrorRate = 0.1, ThrottleRate = 0.1, MalformedRate = 0.1, HangRate = 0.1, CutRate = 0.1,
    };

    [Fact]
    public void For_SameArguments_SameAnswer() =>
        Prop.ForAll<ulong, ulong, NonNegativeInt>((seed, body, seen) =>
        {
            var one = SimulatedAnswer.For(seed, body, seen.Get, Mixed);
            var two = SimulatedAnswer.For(seed, body, seen.Get, Mixed with { });
            return one.Fault == two.Fault && one.Latency == two.Latency && one.Id == two.Id && one.Tokens.SequenceEqual(two.Tokens, StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void For_AnotherSeedBodyOrOccurrence_AnotherId() =>
        Prop.ForAll<ulong, ulong, NonNegativeInt>((seed, body, seen) =>
        {
            var id = SimulatedAnswer.For(seed, body, seen.Get, Mixed).Id;
            return id != SimulatedAnswer.For(seed + 1, body, seen.Get, Mixed).Id
                && id != SimulatedAnswer.For(seed, body + 1, seen.Get, Mixed).Id
                && id != SimulatedAnswer.For(seed, body, seen.Get + 1, Mixed).Id;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void For_HigherErrorRate_OnlyAddsErrors() =>
        Prop.ForAll<ulong, ulong, byte>((seed, body, rate) =>
        {
            var before = SimulatedAnswer.For(seed, body, 0, FaultSchedule.Default with { ErrorRate = rate / 512.0 });
            var after = SimulatedAnswer.For(seed, body, 0, FaultSchedule.Default with { ErrorRate = rate / 512.0 + 0.2 });
            return before.Fault != Fault.Error || after.Fault == Fault.Error;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(0.005)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void For_ErrorRate_IsTheShareOfErrors(double rate)
    {
        const int n = 100_000;
        var errors = Enumerable.Range(0, n).Count(i =>
            SimulatedAnswer.For(7, (ulong)i, 0, FaultSchedule.Default with { ErrorRate = rate }).Fault == Fault.Error);
        // Five standard deviations of a binomial; the draw is fixed, so this either always or never holds.
        Assert.InRange(errors, n * rate - 5 * Math.Sqrt(n * rate * (1 - rate)), n * rate + 5 * Math.Sqrt(n * rate * (1 - rate)));
    }

    [Fact]
    public void For_Latency_IsLogNormalAroundItsMedian()
    {
        var faults = FaultSchedule.Default with { LatencyMedian = TimeSpan.FromMilliseconds(200), LatencySigma = 0.3 };
        var latencies = Enumerable.Range(0, 100_001).Select(i => SimulatedAnswer.For(3, (ulong)i, 0, faults).Latency.TotalMilliseconds).Order().ToArray();
        Assert.InRange(latencies[50_000], 198, 202);
        // exp(0.3 × 1.2816) = 1.469 (normal table, 90th percentile).
        Assert.InRange(latencies[90_000] / latencies[50_000], 1.45, 1.49);
    }

    [Fact]
    public void For_SlowFactor_MultipliesEveryLatency() =>
        Prop.ForAll<ulong>(body =>
        {
            var normal = SimulatedAnswer.For(1, body, 0, FaultSchedule.Default);
            var slow = SimulatedAnswer.For(1, body, 0, FaultSchedule.Default with { SlowFactor = 3 });
            return Math.Abs(slow.Latency / normal.Latency - 3) < 1e-3 && slow.Tokens.SequenceEqual(normal.Tokens, StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void For_Down_BeatsEveryOtherFault() =>
        Prop.ForAll<ulong>(body => SimulatedAnswer.For(1, body, 0, Mixed with { Down = true }).Fault == Fault.Down).QuickCheckThrowOnFailure();

    [Fact]
    public void CutAfter_AlwaysLeavesSomethingUnsent() =>
        Prop.ForAll<ulong>(body =>
        {
            var answer = SimulatedAnswer.For(1, body, 0, Mixed);
            return answer.CutAfter >= 1 && answer.CutAfter < answer.Tokens.Count;
        }).QuickCheckThrowOnFailure();
}
