using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Observing.Blocks;

/// <summary>How often one sticky key occurred in a block.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeyCount(ulong Key, int Source, int Target);
