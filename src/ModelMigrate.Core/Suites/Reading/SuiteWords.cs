namespace ModelMigrate.Core.Suites.Reading;

/// <summary>Levels and tiers as they are written.</summary>
public static class SuiteWords
{
    public static string Of(SuiteLevel level) => level.ToString().ToLowerInvariant();

    public static string Of(SuiteTier tier) => tier.ToString().ToLowerInvariant();
}
