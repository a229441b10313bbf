namespace ModelMigrate.Core.Suites.Smoke;

/// <summary>How a smoke check asks.</summary>
public enum SmokeAsk
{
    /// <summary>For a whole answer.</summary>
    Whole,

    /// <summary>For a stream.</summary>
    Stream,

    /// <summary>For a whole answer of a model that cannot exist.</summary>
    NoSuchModel,
}
