namespace ModelMigrate.Serving;

/// <summary>
/// Says that an exception was lost: nobody awaited what threw it, so that nobody acts on it. Names its type and where it was thrown, never its
/// message, which may quote a request.
/// </summary>
internal sealed partial class UnobservedExceptions : IDisposable
{
    private readonly ILogger<UnobservedExceptions> _logger;

    public UnobservedExceptions(ILogger<UnobservedExceptions> logger)
    {
        _logger = logger;
        TaskScheduler.UnobservedTaskException += Say;
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Say;

    private void Say(object? sender, UnobservedTaskExceptionEventArgs lost)
    {
        foreach (var exception in lost.Exception.Flatten().InnerExceptions)
        {
            Lost(_logger, exception.GetType().Name, exception.StackTrace?.Split('\n')[0].Trim() ?? "");
        }
    }

    [LoggerMessage(LogLevel.Error, "An exception went unobserved: {Type} {Where}")]
    private static partial void Lost(ILogger logger, string type, string where);
}
