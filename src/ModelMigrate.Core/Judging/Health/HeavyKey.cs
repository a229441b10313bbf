using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Judging.Health;

/// <summary>One counter of the sketch: the key has between <paramref name="Count"/> − <paramref name="Error"/> and <paramref name="Count"/> requests.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HeavyKey(ulong Key, long Count, long Error);
