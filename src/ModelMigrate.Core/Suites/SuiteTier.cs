namespace ModelMigrate.Core.Suites;

/// <summary>When a suite runs. Each includes the ones before it.</summary>
public enum SuiteTier
{
    /// <summary>On every pull request: seconds.</summary>
    Pr,

    /// <summary>Before a merge: minutes.</summary>
    Merge,

    /// <summary>Once a night.</summary>
    Nightly,
}
