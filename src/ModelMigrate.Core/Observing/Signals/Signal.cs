namespace ModelMigrate.Core.Observing.Signals;

/// <summary>Names of the events that a block counts beside failures and slowness.</summary>
public static class Signal
{
    /// <summary>The request failed; counted by itself only for keys.</summary>
    public const string Failed = "failed";

    /// <summary>The provider answered 429.</summary>
    public const string Throttled = "throttled";

    /// <summary>The name of a known check: the answer refuses to answer.</summary>
    public const string Refusal = "refusal";

    private const string Prefix = "check:", KeysPrefix = "keys:";

    /// <summary>A named check's failures.</summary>
    public static string OfCheck(string check) => Prefix + check;

    /// <summary>The keys with at least one such event.</summary>
    public static string OfKeys(string name) => KeysPrefix + name;
}
