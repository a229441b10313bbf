using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>A harm test at one moment: natural logarithms of its e-value, of the same without any one key, and of what it needs.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HarmReading(double Log, double WithoutOneKey, double Needed)
{
    /// <summary>Whether the evidence of all requests suffices.</summary>
    public bool Crosses => Log >= Needed;

    /// <summary>Whether it also does without any one key: then the target is worse.</summary>
    public bool Holds => Crosses && WithoutOneKey >= Needed;

    public bool IsFinite => double.IsFinite(Log) && double.IsFinite(WithoutOneKey);

    /// <summary>What holds harm back although its evidence crosses, or null.</summary>
    public string? Obstacle => !Crosses || Holds ? null : "one key";
}
