using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>
/// One request of an open block: what is asked of it later, in 24 bytes, because thousands of them begin every second. What only
/// sums up (tokens, cost, latency) is counted when the request ends and not kept.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Request(Arm arm, ulong key, long atTicks, bool isFollowed = false)
{
    private readonly byte _arm = (byte)arm;
    private byte _outcome;

    /// <summary>Whether the block tells this key's requests apart.</summary>
    public readonly bool IsFollowed => isFollowed;

    public readonly Arm Arm => (Arm)_arm;

    public readonly ulong Key => key;

    /// <summary>Admission time in UTC ticks.</summary>
    public readonly long AtTicks => atTicks;

    public bool Ended { get; private set; }

    /// <summary>One bit a quantile: counted as slow while it ran.</summary>
    public byte Slow { get; set; }

    public readonly Outcome Outcome => (Outcome)_outcome;

    public readonly bool IsFailure => Ended && Fails(Outcome);

    /// <summary>Whether an outcome is a failure of the arm.</summary>
    public static bool Fails(Outcome outcome) => outcome is Outcome.Error or Outcome.Throttled or Outcome.Timeout or Outcome.Skipped;

    public void End(Outcome outcome)
    {
        Ended = true;
        _outcome = (byte)outcome;
    }
}
