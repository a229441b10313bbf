using System.Runtime.InteropServices;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Observing.Blocks;

namespace ModelMigrate.Core.Judging.Harm;

/// <summary>What a harm test sees of a block, and the target's share of the events that is to be expected if the target is as good as the source.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyedBlock(EventBlock Events, double Share, IReadOnlyList<KeyCount> Keys)
{
    /// <summary>Nothing to compare.</summary>
    public static KeyedBlock None => new(default, 0, []);

    /// <summary>All requests alike: the share is that of the exposures.</summary>
    public static KeyedBlock Plain(in EventBlock events, IReadOnlyList<KeyCount> keys) => new(events, events.Compares ? events.Share : 0, keys);
}
