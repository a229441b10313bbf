namespace ModelMigrate.Tests.Support;

/// <summary>Waits for real I/O without waiting for time.</summary>
internal static class Waiting
{
    /// <summary>Until a silent provider has been asked so many times and says nothing more.</summary>
    public static async Task ForAsync(StubUpstream upstream, int requests = 1)
    {
        while (upstream.Requests.Count < requests)
        {
            await Task.Yield();
        }

        await upstream.Requests.Last().Waiting.Task;
    }

    /// <summary>Until something holds that real I/O brings about.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "It never came about.");
            await Task.Yield();
        }
    }

    /// <summary>Moves the clock in small steps until the task is done; how many steps real I/O needs is not the test's to know.</summary>
    public static async Task AdvanceUntilAsync(ManualClock clock, Task task)
    {
        while (!task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }
}
