using ModelMigrate.Core.Routing;

namespace ModelMigrate.Tests.Core.Routing;

public sealed class AllowanceTests
{
    [Fact]
    public void TryTake_ManyThreads_NeverMoreThanGranted()
    {
        var allowance = new Allowance();
        allowance.Grant(1, 40);
        allowance.Grant(1, 40);
        allowance.Grant(2, 10);
        var taken = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (allowance.TryTake())
            {
                Interlocked.Increment(ref taken);
            }
        });

        Assert.Equal(50, taken);
        Assert.Equal(0, allowance.Left);
        Assert.Equal(50, allowance.Taken);
    }
}
