using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Control.Rollouts;

internal sealed partial class RolloutController
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Migration}: {Kind} by {Actor}: {Reason}")]
    private partial void LogDecision(MigrationId migration, string kind, string actor, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal cannot be written, so no rollout goes forward: {Problem}")]
    private partial void LogStoreDown(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal can be written again.")]
    private partial void LogStoreBack();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Disagreement}")]
    private partial void LogDisagreement(string disagreement);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration was not taken over, the last good one stays: {Problem}")]
    private partial void LogRefusedConfiguration(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogConfigurationWarning(string warning);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration taken over, snapshot {Revision}")]
    private partial void LogReloaded(long revision);
}
