using ModelMigrate.Control.Publishing;

namespace ModelMigrate.Control.Rollouts;

/// <summary>A copy of everything that the loop knows, for everybody outside it.</summary>
internal sealed record ControlReading
{
    public static ControlReading Empty { get; } = new() { Loaded = new LoadedConfig(new()), Rollouts = [] };

    public required LoadedConfig Loaded { get; init; }

    /// <summary>Started and declared migrations, by id.</summary>
    public required IReadOnlyList<RolloutReading> Rollouts { get; init; }

    /// <summary>What is wrong with the file since the last good one was taken.</summary>
    public IReadOnlyList<string> ConfigurationProblems { get; init; } = [];

    public IReadOnlyList<string> Disagreements { get; init; } = [];

    /// <summary>Why the journal could not be written last time, or null.</summary>
    public string? StoreProblem { get; init; }

    /// <summary>When the loop last looked.</summary>
    public DateTimeOffset At { get; init; }

    public RolloutReading? Find(string id) => Rollouts.FirstOrDefault(item => item.Spec.Id.Value == id);
}
