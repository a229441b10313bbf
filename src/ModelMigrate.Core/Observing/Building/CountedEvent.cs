using System.Runtime.InteropServices;
using ModelMigrate.Core.Observing.Signals;

namespace ModelMigrate.Core.Observing.Building;

/// <summary>One event that requests may have: a failure, throttling, or the failure of one check.</summary>
/// <param name="Name">As <see cref="Signal"/> says it.</param>
/// <param name="Check">The check's bit, or 0.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CountedEvent(string Name, ulong Check)
{
    /// <summary>The event of a name, or null for a check that observations have no bit for.</summary>
    public static CountedEvent? Of(string name, CountedSignals counted)
    {
        if (name is Signal.Failed or Signal.Throttled)
        {
            return new CountedEvent(name, 0);
        }

        var check = counted.Checks.FirstOrDefault(check => string.Equals(Signal.OfCheck(check), name, StringComparison.Ordinal));
        return check is not null && counted.BitOf(check) is > 0 and var bit ? new CountedEvent(name, bit) : null;
    }

    /// <summary>Whether it is looked for in every request, running ones included, and not in those answers only that a check looked at.</summary>
    public bool IsOfEveryRequest => Check == 0;

    /// <summary>Whether a request counts, given the checks that looked at its answer.</summary>
    public bool Counts(in Request request, ulong looked) =>
        IsOfEveryRequest ? request.Outcome is not (Outcome.ClientError or Outcome.Canceled) : (looked & Check) != 0;

    /// <summary>Whether it had the event, given the checks that its answer failed.</summary>
    public bool Happened(in Request request, ulong failed) =>
        !IsOfEveryRequest ? (failed & Check) != 0
        : Name == Signal.Failed ? request.IsFailure
        : request.Outcome == Outcome.Throttled;
}
