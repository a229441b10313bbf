using ModelMigrate.Core.Routing;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Core.Routing;

public sealed class SnapshotFeedTests
{
    [Fact]
    public void TryPublish_NotNewer_Refused()
    {
        var feed = new SnapshotFeed(new ManualClock());
        Assert.True(feed.TryPublish(Snapshots.Of(2)));
        Assert.False(feed.TryPublish(Snapshots.Of(2)));
        Assert.False(feed.TryPublish(Snapshots.Of(1)));
        Assert.Equal(2, feed.Current.Revision);
    }

    [Fact]
    public void Subscribe_Disposed_HearsNoMore()
    {
        var feed = new SnapshotFeed(new ManualClock());
        var heard = new List<long>();
        using (feed.Subscribe(s => heard.Add(s.Revision)))
        {
            feed.TryPublish(Snapshots.Of(1));
        }

        feed.TryPublish(Snapshots.Of(2));
        Assert.Equal([1L], heard);
    }

    [Fact]
    public void IsControlAlive_AfterTimeout_False()
    {
        var clock = new ManualClock();
        var feed = new SnapshotFeed(clock);
        feed.TryPublish(Snapshots.Of(1));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(feed.IsControlAlive);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(feed.IsControlAlive);
        feed.Renew();
        Assert.True(feed.IsControlAlive);
    }
}
