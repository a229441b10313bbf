namespace ModelMigrate.Serving;

/// <summary>Leaves signals to the process: whoever started a host also stops it. The default lifetime would take SIGTERM for itself.</summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
