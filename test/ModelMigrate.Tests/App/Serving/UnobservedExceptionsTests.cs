using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ModelMigrate.Serving;

namespace ModelMigrate.Tests.App.Serving;

public sealed class UnobservedExceptionsTests
{
    [Fact]
    public void TaskThatFailed_NobodyAwaits_IsNamedWithoutItsMessage()
    {
        using var log = new Lines();
        using (new UnobservedExceptions(log))
        {
            Lose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var line = Assert.Single(log.Said, line => line.Contains(nameof(LostException), StringComparison.Ordinal));
        Assert.StartsWith("An exception went unobserved: LostException", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose() => _ = Task.FromException(new LostException("secret"));

    private sealed class LostException(string message) : Exception(message);

    private sealed class Lines : ILogger<UnobservedExceptions>, IDisposable
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
