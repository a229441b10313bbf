using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Benchmarks.Rollouts.Traffic;

/// <summary>What an arm made of a request.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Latency">Seconds from admission to the end.</param>
/// <param name="FirstToken">Seconds to the first content; not a number when none came.</param>
/// <param name="Quality">In [0, 1]; not a number without an answer.</param>
/// <param name="Cost">US dollars.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Answer(Outcome Outcome, double Latency, double FirstToken, double Quality, double Cost)
{
    public bool IsFailure => Outcome != Outcome.Ok;
}
