using ModelMigrate.Control.Rollouts.Probing;
using ModelMigrate.Core.Configuration.Reading;

namespace ModelMigrate.Control;

/// <summary>What the host decides for the controller.</summary>
public sealed record ControlOptions
{
    /// <summary>The configuration file, watched for changes.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Reads that file whole, with every problem.</summary>
    public required Func<ConfigResult> ReadConfig { get; init; }

    /// <summary>Where the journal lives; created when missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>How a source, then its fallbacks, are asked whether they serve, after a rollback.</summary>
    public required SourceProbe Probe { get; init; }

    /// <summary>How long the probe may take. Default 10 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
