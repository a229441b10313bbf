using ModelMigrate.Gateway.Telemetry;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway;

public sealed class ModelWindowTests
{
    [Fact]
    public void Window_FewCalls_SaysNothing()
    {
        var window = new ModelWindow(new ManualClock());
        for (var i = 0; i < ModelWindow.Fewest - 1; i++)
        {
            window.Add(isError: true, TimeSpan.FromSeconds(1));
        }

        Assert.Null(window.ErrorRate());
        Assert.Null(window.P99());
        window.Add(isError: false, TimeSpan.FromSeconds(1));
        Assert.Equal(0.95, window.ErrorRate()!.Value, 12);
    }

    [Fact]
    public void P99_KnownLatencies_WithinABucket()
    {
        var window = new ModelWindow(new ManualClock());
        for (var ms = 1; ms <= 1000; ms++)
        {
            window.Add(isError: false, TimeSpan.FromMilliseconds(ms));
        }

        Assert.InRange(window.P99()!.Value, 0.990 / 1.03, 0.990 * 1.03);
    }

    [Fact]
    public void Window_AfterFiveMinutes_Forgets()
    {
        var clock = new ManualClock();
        var window = new ModelWindow(clock);
        for (var i = 0; i < 100; i++)
        {
            window.Add(isError: true, TimeSpan.FromSeconds(1));
        }

        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(1, window.ErrorRate());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(window.ErrorRate());
        for (var i = 0; i < 20; i++)
        {
            window.Add(isError: false, TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(0, window.ErrorRate());
        Assert.InRange(window.P99()!.Value, 0.0095, 0.0105);
    }
}
