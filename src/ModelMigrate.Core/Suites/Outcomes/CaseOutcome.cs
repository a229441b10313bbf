namespace ModelMigrate.Core.Suites.Outcomes;

/// <summary>What came of a try, or of a case.</summary>
public enum CaseOutcome
{
    Pass,

    /// <summary>The model or the server did something else than was asked.</summary>
    Fail,

    /// <summary>The data does not decide.</summary>
    Inconclusive,

    /// <summary>Nothing was shown: no connection, no key, a provider's failure.</summary>
    Error,

    /// <summary>The case itself is wrong, or its data cannot be judged.</summary>
    Refused,
}
