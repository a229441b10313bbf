using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Statistics;

/// <summary>Both ends of an interval, in the unit of what it is an interval of.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Low, double High);
