using ModelMigrate.Core.Judging.Display;

namespace ModelMigrate.Tests.Core.Judging;

public sealed class ShareSequenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(59)]
    [InlineData(203)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void Of_AnyCount_IsAnIntervalAroundTheShareAndItsMirror(long requests)
    {
        foreach (var events in new[] { 0, 1, 2, requests / 3, requests / 2, requests - 2, requests - 1, requests }.Where(e => e >= 0 && e <= requests).Distinct())
        {
            var share = events / (double)requests;
            var (low, high) = ShareSequence.Of(events, requests);
            Assert.InRange(low, 0, share);
            Assert.InRange(high, share, 1);
            var (mirroredLow, mirroredHigh) = ShareSequence.Of(requests - events, requests);
            Assert.Equal(1 - high, mirroredLow, 1e-9);
            Assert.Equal(1 - low, mirroredHigh, 1e-9);
        }
    }

    [Fact]
    public void Of_EveryRequestFailed_EndsAtOne()
    {
        var (low, high) = ShareSequence.Of(203, 203);
        Assert.InRange(low, 0.9, 0.99);
        Assert.Equal(1, high);
    }
}
