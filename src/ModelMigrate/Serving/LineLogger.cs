using System.Globalization;

namespace ModelMigrate.Serving;

/// <summary>Writes log entries as plain lines: time, level, room, message. Standard output stays free for a command's result.</summary>
internal sealed class LineLogger(TextWriter to, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // The writer belongs to whoever handed it in.
    }

    private sealed class Category(LineLogger owner, string room) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{owner.Time:yyyy-MM-ddTHH:mm:ss.fff}Z {Name(logLevel)} {room}: {formatter(state, exception)}");
            lock (owner._gate)
            {
                owner.Writer.WriteLine(exception is null ? line : $"{line}{Environment.NewLine}{exception}");
            }
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Warning => "warn ",
            LogLevel.Error => "error",
            LogLevel.Critical => "fatal",
            LogLevel.Information => "info ",
            _ => "debug",
        };
    }

    private DateTime Time => time.GetUtcNow().UtcDateTime;

    private TextWriter Writer => to;
}
