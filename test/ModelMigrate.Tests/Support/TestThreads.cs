using System.Runtime.CompilerServices;

namespace ModelMigrate.Tests.Support;

/// <summary>
/// Gives the pool more threads than the machine has cores, and simulations threads of their own: they keep all cores busy for minutes, and the servers
/// and clients of other tests in the same process would wait until the pool finds that it starves.
/// </summary>
internal static class TestThreads
{
    private const int Least = 32;

    [ModuleInitializer]
    public static void Raise()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Least), ports);
    }

    /// <summary>Calls <paramref name="body"/> with each number below <paramref name="count"/>, on all cores and on none of the pool's threads.</summary>
    public static void For(int count, Action<int> body)
    {
        var next = -1;
        Task.WaitAll([.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (Interlocked.Increment(ref next) is var at && at < count)
                {
                    body(at);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
    }
}
