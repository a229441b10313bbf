using ModelMigrate.Core.Suites.Smoke;

namespace ModelMigrate.Core.Suites;

/// <summary>A check of the built-in smoke suite.</summary>
public sealed record SmokeCase : SuiteCase
{
    public required SmokeCheck Check { get; init; }
}
