namespace ModelMigrate.Core.Observing.Signals;

/// <summary>Names of the events that a block counts beside failures and slowness.</summary>
public static class Signal
{
    /// <summary>The provider answered 429.</summary>
    public const string Throttled = "throttled";

    /// <summary>The name of a known check: the answer refuses to answer.</summary>
    public const string Refusal = "refusal";

    private const string Prefix = "check:";

    /// <summary>A named check's failures.</summary>
    public static string OfCheck(string check) => Prefix + check;
}
