using ModelMigrate.Benchmarks.Rollouts.Traffic;

namespace ModelMigrate.Benchmarks.Rollouts.Scenarios;

/// <summary>Everything that the bench puts a migration through.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
        [.. HealthyScenarios.All, .. MarginScenarios.All, .. HarmScenarios.All, .. ReportedScenarios.All];

    public static Scenario Find(string name) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new ArgumentException($"Unknown scenario '{name}'; known are {string.Join(", ", All.Select(s => s.Name))}.", nameof(name));
}
