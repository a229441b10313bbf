using System.Runtime.CompilerServices;

namespace ModelMigrate.Tests.Support;

/// <summary>
/// Gives the pool more threads than the machine has cores: simulations keep as many as there are cores busy for minutes, and the servers
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
}
