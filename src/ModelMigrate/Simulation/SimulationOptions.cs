using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Simulation;

/// <summary>What a simulated provider is started with.</summary>
internal sealed record SimulationOptions
{
    public required SimulationProtocol Protocol { get; init; }

    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The only model that it knows, or null to answer for any.</summary>
    public string? Model { get; init; }

    public ulong Seed { get; init; } = 1;

    public FaultSchedule Faults { get; init; } = FaultSchedule.Default;

    /// <summary>What it answers to questions that it may know; null for plain words to everything.</summary>
    public SimulatedKnowledge? Knowledge { get; init; }

    /// <summary>Called with the request's user after an answer was written whole.</summary>
    public Action<string?>? Answered { get; init; }
}
