namespace ModelMigrate.Core.Routing.Policies;

/// <summary>The names of hybrid migrations' modes in files and in <c>MIGRATION_MODE</c>.</summary>
public static class HybridWords
{
    public static IReadOnlyList<(string Word, HybridMode Value)> All { get; } =
        [("legacy-primary", HybridMode.LegacyPrimary), ("new-primary", HybridMode.NewPrimary), ("hybrid", HybridMode.Hybrid)];

    public static string Of(HybridMode mode) => All[(int)mode].Word;
}
