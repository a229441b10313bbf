using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// A harm test at one moment: natural logarithms of its e-value, of the same without any one key, of both given how often each key had the event
/// before it moved, and of what is needed.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HarmReading(double Log, double WithoutOneKey, double Adjusted, double AdjustedWithoutOneKey, double Needed)
{
    /// <summary>The note of a gate whose harm rests on one key.</summary>
    public const string OneKey = "one key";

    /// <summary>The note of a gate whose harm rests on keys that failed as often before they moved.</summary>
    public const string SickKeys = "sick keys";

    /// <summary>A test that has no keys to look at.</summary>
    public HarmReading(double log, double withoutOneKey, double needed)
        : this(log, withoutOneKey, log, withoutOneKey, needed)
    {
    }

    /// <summary>Whether the evidence of all requests suffices.</summary>
    public bool Crosses => Log >= Needed;

    /// <summary>Whether it also does whichever key is left out, and given the keys: then the target is worse.</summary>
    public bool Holds => Crosses && WithoutOneKey >= Needed && Adjusted >= Needed && AdjustedWithoutOneKey >= Needed;

    public bool IsFinite => double.IsFinite(Log) && double.IsFinite(WithoutOneKey) && double.IsFinite(Adjusted) && double.IsFinite(AdjustedWithoutOneKey);

    /// <summary>What holds harm back although its evidence crosses, or null.</summary>
    public string? Obstacle => !Crosses || Holds ? null : WithoutOneKey < Needed ? OneKey : SickKeys;
}
