using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing;

namespace ModelMigrate.Recorded.Reading;

/// <summary>One line of an observation file as it is judged: times in ticks of 100 ns, names as hashes and bits.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ObservationLine
{
    /// <summary>A time or latency that the line does not have.</summary>
    public const long None = -1;

    /// <summary>The run's number, in the order in which the file names them first.</summary>
    public int Run;

    public Arm Arm;
    public Outcome Outcome;

    /// <summary>Admission time on the file's clock.</summary>
    public long AtTicks;

    public ulong Key;
    public long FirstTokenTicks;
    public long LatencyTicks;
    public decimal? Cost;
    public ulong Checked;
    public ulong FailedChecks;
    public double? Quality;
    public double? Satisfaction;
    public ulong Pair;
}
