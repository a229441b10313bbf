namespace ModelMigrate.Core.Suites;

/// <summary>What a suite tests; it decides the tier of a suite that names none.</summary>
public enum SuiteLevel
{
    /// <summary>Whether the model can be asked at all.</summary>
    Smoke,

    /// <summary>One ability, by single answers.</summary>
    Unit,

    /// <summary>What is between an application and its model: protocols, gateways, two models side by side.</summary>
    Integration,

    /// <summary>How good the answers are, over a data set.</summary>
    Evaluation,

    /// <summary>How much harm is in the answers.</summary>
    Safety,

    /// <summary>What it does under many requests.</summary>
    Load,

    /// <summary>What it does while something is broken.</summary>
    Chaos,
}
