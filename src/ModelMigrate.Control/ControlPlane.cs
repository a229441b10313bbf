using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using ModelMigrate.Control.Api;
using ModelMigrate.Control.Measuring;
using ModelMigrate.Control.Publishing;
using ModelMigrate.Control.Rollouts;
using ModelMigrate.Control.Storage.Sqlite;
using ModelMigrate.Core.Api;
using ModelMigrate.Core.Configuration;
using ModelMigrate.Core.Observing;
using ModelMigrate.Core.Routing;

namespace ModelMigrate.Control;

/// <summary>The controller of one process: journal, loop and file watcher, opened together and closed together.</summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly ObservationStream _observations;
    private readonly ConfigWatcher _watcher;
    private readonly ControlMeter _meter;
    private bool _disposed;

    private ControlPlane(
        DataDirectory directory, Journal journal, RolloutController controller, ControlOptions options, SnapshotFeed feed, ObservationStream observations,
        TimeProvider time, ILoggerFactory logs)
    {
        (_directory, Journal, Controller, Feed) = (directory, journal, controller, feed);
        Loop = new ControlLoop(controller, time, logs.CreateLogger<ControlLoop>());
        _observations = observations;
        _observations.Filling = Loop.QueueDrain;
        ConfigFile = options.ConfigFile;
        _watcher = new ConfigWatcher(options.ConfigFile, () => Loop.TryPost(() => controller.Reload(options.ReadConfig())), time);
        HardStops = new HardStopFigures(journal);
        _meter = new ControlMeter(controller, Loop, journal);
    }

    /// <summary>The configuration in force.</summary>
    public ModelMigrateConfig Config => Controller.Latest.Loaded.Config;

    /// <summary>Every migration as it stands.</summary>
    public IReadOnlyList<MigrationSummary> Migrations => [.. Controller.Latest.Rollouts.Select(Views.Summary)];

    /// <summary>Whether the loop lives and looked at everything within the last five seconds.</summary>
    public bool IsReady => Loop.Problem is null;

    internal string ConfigFile { get; }

    internal Journal Journal { get; }

    internal RolloutController Controller { get; }

    internal ControlLoop Loop { get; }

    internal HardStopFigures HardStops { get; }

    internal SnapshotFeed Feed { get; }

    /// <summary>
    /// Locks the data directory, opens the journal, reads the configuration, resumes every rollout and publishes the first
    /// snapshot. Null, with the reason, when that cannot be.
    /// </summary>
    public static ControlPlane? TryOpen(
        ControlOptions options, SnapshotFeed feed, ObservationStream observations, TimeProvider time, ILoggerFactory logs, out ControlFault? fault)
    {
        var read = options.ReadConfig();
        if (read.Config is null)
        {
            fault = new ControlFault(2, [.. read.Errors.Select(error => error.ToString())]);
            return null;
        }

        if (DataDirectory.TryOpen(options.DataDirectory, out var problem) is not { } directory)
        {
            fault = new ControlFault(3, [problem]);
            return null;
        }

        if (Journal.TryOpen(directory, time, out problem) is not { } journal)
        {
            directory.Dispose();
            fault = new ControlFault(3, [problem]);
            return null;
        }

        var controller = new RolloutController(journal, feed, observations, options, time, logs.CreateLogger<RolloutController>());
        try
        {
            var problems = controller.Start(read);
            fault = problems.Count > 0 ? new ControlFault(2, problems) : null;
        }
        catch (Exception unreadable) when (unreadable is SqliteException or JsonException)
        {
            fault = new ControlFault(3, [Journal.Problem(directory.JournalFile, unreadable)]);
        }

        if (fault is not null)
        {
            journal.Dispose();
            directory.Dispose();
            return null;
        }

        return new ControlPlane(directory, journal, controller, options, feed, observations, time, logs);
    }

    /// <summary>Takes in and commits the last counts, then lets go of the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _observations.Filling = null;
        _watcher.Dispose();
        await Loop.DisposeAsync();
        _meter.Dispose();
        Journal.Dispose();
        _directory.Dispose();
    }
}
