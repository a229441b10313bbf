namespace ModelMigrate.Core.Api;

/// <summary>The controller as a whole.</summary>
public sealed record StatusView
{
    /// <summary>The snapshot that is served.</summary>
    public required long Revision { get; init; }

    public required string Cause { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>What is wrong with the control loop and what that does to the traffic, or null.</summary>
    public string? ControlProblem { get; init; }

    /// <summary>Whether the journal could be written last time.</summary>
    public required bool StoreHealthy { get; init; }

    public required long StoreBytes { get; init; }

    /// <summary>What is wrong with the configuration file since the last good one was taken; empty when it is in force.</summary>
    public required IReadOnlyList<string> ConfigurationProblems { get; init; }

    /// <summary>Where the file and the journal say different things.</summary>
    public required IReadOnlyList<string> Disagreements { get; init; }

    public required IReadOnlyList<MigrationSummary> Migrations { get; init; }
}
